/** How each object of a database is made: read from the server, and written for a database of another name. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { id, text } from "../sql.ts";

export type Kind = "table" | "view" | "procedure" | "function" | "trigger" | "event";

/** One object, free of the name of its database and of its definer. */
export interface Definition {
  readonly kind: Kind;
  readonly name: string;
  /** The statement behind `CREATE DEFINER=… `; a table's has no definer. */
  readonly sql: string;
  /** The table of a trigger. */
  readonly table?: string;
  /** Settings that the object was made under and keeps. */
  readonly under?: Readonly<Record<string, string>>;
}

type Shown = Readonly<Record<string, string>>;

/** All objects, in an order in which they can be made: tables without foreign key checks, views after their own views. */
export async function readDefinitions(db: Db, database: string): Promise<Definition[]> {
  const named = (sql: string) => db.rows<{ name: string; table?: string }>(sql, [database]);
  const tables = await db.rows<{ name: string; type: string }>(
    "SELECT TABLE_NAME AS name, TABLE_TYPE AS type FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME",
    [database],
  );
  const unknown = tables.find(({ type }) => type !== "BASE TABLE" && type !== "VIEW");
  if (unknown !== undefined) throw cannotReset(database, unknown.name, `it is a ${unknown.type.toLowerCase()}`);
  const routines = await db.rows<{ name: string; type: string }>(
    "SELECT ROUTINE_NAME AS name, ROUTINE_TYPE AS type FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ? ORDER BY ROUTINE_TYPE, ROUTINE_NAME",
    [database],
  );
  const triggers = await named(
    "SELECT TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS `table` FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ? " +
      "ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER",
  );
  const events = await named(
    "SELECT EVENT_NAME AS name FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? ORDER BY EVENT_NAME",
  );
  const definitions: Definition[] = [];
  const of = (type: string) => tables.filter((each) => each.type === type);
  for (const { name } of of("BASE TABLE")) definitions.push(await tableOf(db, database, name));
  for (const { name, type } of routines) definitions.push(await routineOf(db, database, name, type));
  definitions.push(
    ...(await viewsOf(
      db,
      database,
      of("VIEW").map(({ name }) => name),
    )),
  );
  for (const { name, table } of triggers) definitions.push(await triggerOf(db, database, name, table ?? ""));
  for (const { name } of events) definitions.push(await eventOf(db, database, name));
  return definitions;
}

/** The statement that makes this object in `database`. */
export function createSql({ kind, name, sql, table }: Definition, database: string, definer: string): string {
  const place = `${id(database)}.${id(name)}`;
  switch (kind) {
    case "table":
      return `CREATE TABLE ${place} ${sql}`;
    case "view":
      return sql.replace(PLACE, `DEFINER=${definer}`);
    case "trigger":
      return `CREATE DEFINER=${definer} TRIGGER ${place} ${sql.replace(PLACE, `${id(database)}.${id(table ?? "")}`)}`;
    case "procedure":
    case "function":
    case "event":
      return `CREATE DEFINER=${definer} ${kind.toUpperCase()} ${place}${sql}`;
  }
}

/** The statement that sets what the object keeps of the session that makes it. */
export function sessionSql({ under }: Definition): string | undefined {
  if (under === undefined) return undefined;
  return `SET SESSION ${Object.entries(under)
    .map(([name, value]) => `${name} = ${text(value)}`)
    .join(", ")}`;
}

/** True for a trigger that the DELETE and INSERT of a reset would fire. */
export function firesOnRestore({ kind, sql }: Definition): boolean {
  return kind === "trigger" && /^\w+ (?:INSERT|DELETE) /.test(sql);
}

/** The error for an object whose content no reset can put back. */
export function cannotReset(database: string, name: string, why: string): MigrateError {
  return new MigrateError("CONFLICT", `${database}.${name} cannot be reset: ${why}`, {
    where: `${database}.${name}`,
    done: "nothing was changed",
    next: `remove it from the base, or use a database without a reset`,
  });
}

export function dropSql({ kind, name }: Pick<Definition, "kind" | "name">, database: string): string {
  return `DROP ${kind.toUpperCase()} IF EXISTS ${id(database)}.${id(name)}`;
}

// --- internal ---

/** Stands for what is filled in for a database; no statement contains a NUL. */
const PLACE = "\0";

const DEFINER = /DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*` ?/;

async function shown(db: Db, what: string, database: string, name: string): Promise<Shown> {
  const [row] = await db.rows<Shown>(`SHOW CREATE ${what} ${id(database)}.${id(name)}`);
  return row ?? {};
}

async function tableOf(db: Db, database: string, name: string): Promise<Definition> {
  const sql = (await shown(db, "TABLE", database, name))["Create Table"] ?? "";
  if (/^\) .*\bWITH SYSTEM VERSIONING\b/m.test(sql))
    throw cannotReset(database, name, "it keeps old versions of its rows");
  return { kind: "table", name, sql: sql.slice(`CREATE TABLE ${id(name)} `.length) };
}

async function routineOf(db: Db, database: string, name: string, type: string): Promise<Definition> {
  if (type !== "PROCEDURE" && type !== "FUNCTION") throw cannotReset(database, name, `it is a ${type.toLowerCase()}`);
  const row = await shown(db, type, database, name);
  const sql = row[type === "PROCEDURE" ? "Create Procedure" : "Create Function"];
  if (typeof sql !== "string") throw cannotReset(database, name, `this account may not read its text`);
  const head = `${type} ${id(name)}`;
  const body = sql.slice(sql.indexOf(head) + head.length);
  return { kind: type === "PROCEDURE" ? "procedure" : "function", name, sql: body, under: keptSettings(row) };
}

/**
 * Views by the names of the tables that they read: the servers leave out the name of the current database, so the
 * text fits a database of any name.
 */
async function viewsOf(db: Db, database: string, names: readonly string[]): Promise<Definition[]> {
  const views: (Definition & { readonly reads: readonly string[] })[] = [];
  for (const name of names) {
    const row = await shown(db, "VIEW", database, name);
    const sql = (row["Create View"] ?? "").replace(DEFINER, `${PLACE} `).replace(/^CREATE /, "CREATE OR REPLACE ");
    const under = {
      character_set_client: row["character_set_client"] ?? "",
      collation_connection: row["collation_connection"] ?? "",
    };
    views.push({
      kind: "view",
      name,
      sql,
      under,
      reads: names.filter((other) => other !== name && sql.includes(id(other))),
    });
  }
  const sorted: Definition[] = [];
  const done = new Set<string>();
  for (let left = views; left.length > 0;) {
    const ready = left.filter(({ reads }) => reads.every((other) => done.has(other)));
    // A column may be named like a view: what only seems to wait for itself is made in the order of names.
    for (const { reads: _, ...view } of ready.length > 0 ? ready : left.slice(0, 1)) {
      sorted.push(view);
      done.add(view.name);
    }
    left = left.filter(({ name }) => !done.has(name));
  }
  return sorted;
}

async function triggerOf(db: Db, database: string, name: string, table: string): Promise<Definition> {
  const [row] = await db.rows<Shown>(
    "SELECT ACTION_TIMING AS timing, EVENT_MANIPULATION AS event, ACTION_STATEMENT AS body, SQL_MODE AS sql_mode, " +
      "CHARACTER_SET_CLIENT AS character_set_client, COLLATION_CONNECTION AS collation_connection " +
      "FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ? AND TRIGGER_NAME = ?",
    [database, name],
  );
  const sql = `${row?.["timing"]} ${row?.["event"]} ON ${PLACE} FOR EACH ROW ${row?.["body"]}`;
  return { kind: "trigger", name, sql, table, under: keptSettings(row ?? {}) };
}

async function eventOf(db: Db, database: string, name: string): Promise<Definition> {
  const row = await shown(db, "EVENT", database, name);
  const sql = row["Create Event"] ?? "";
  const head = `EVENT ${id(name)}`;
  const under = { ...keptSettings(row), time_zone: row["time_zone"] ?? "SYSTEM" };
  return { kind: "event", name, sql: sql.slice(sql.indexOf(head) + head.length), under };
}

function keptSettings(row: Shown): Record<string, string> {
  return Object.fromEntries(
    ["sql_mode", "character_set_client", "collation_connection"].map((name) => [name, row[name] ?? ""]),
  );
}
