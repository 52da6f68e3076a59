/** What a server holds: the databases that the mark registers, and what only has their names. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { DEFINER } from "../reset/install.ts";
import { SCHEMA } from "../reset/tables.ts";
import { placeholders, text } from "../sql.ts";
import { ANY_HOST } from "./names.ts";

export interface Registered {
  readonly content: string;
  readonly account: string;
  readonly host: string;
}

export interface Inventory {
  /** Whether the schema `ispyb_sandbox` is there. */
  readonly isMarked: boolean;
  /** By the names of databases. */
  readonly registered: ReadonlyMap<string, Registered>;
  readonly unfinished: ReadonlySet<string>;
  /** Contents by their fingerprints. */
  readonly contents: ReadonlyMap<string, string>;
  /** Hash of the tables, and of the procedures that are installed. */
  readonly form: string | undefined;
  readonly databases: ReadonlySet<string>;
}

/** Throws CONFLICT if something else has the name of the mark, and for a server that `sandbox` has started. */
export async function readInventory(db: Db): Promise<Inventory> {
  const tables = new Set(
    await names(db, "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?", [SCHEMA]),
  );
  const databases = new Set(await names(db, "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA"));
  await assertOwnMark(db, databases, tables);
  const rows = <R extends object>(table: string) =>
    tables.has(table) ? db.rows<R>(`SELECT * FROM ${SCHEMA}.${table}`) : Promise.resolve([]);
  const registered = await rows<Registered & { name: string }>("registered");
  if (registered.length > 0 && !tables.has("provisioned")) throw ofSandbox(registered.map(({ name }) => name));
  const unfinished = await rows<{ name: string }>("unfinished");
  const provisioned = await rows<{ fingerprint: string; content: string }>("provisioned");
  const [installation] = await rows<{ form: string }>("installation");
  return {
    isMarked: databases.has(SCHEMA),
    registered: new Map(registered.map(({ name, ...of }) => [name, of])),
    unfinished: new Set(unfinished.map(({ name }) => name)),
    contents: new Map(provisioned.map(({ fingerprint, content }) => [fingerprint, content])),
    form: installation?.form,
    databases,
  };
}

/** Throws CONFLICT for a name of a database with anything in it, or of an account, that is not ours. */
export async function assertFree(
  db: Db,
  { registered, unfinished }: Inventory,
  wanted: readonly string[],
): Promise<void> {
  const others = wanted.filter((name) => !registered.has(name) && !unfinished.has(name));
  if (others.length === 0) return;
  const [full] = await names(
    db,
    objects
      .map(
        ([view, column]) =>
          `SELECT ${column} AS name FROM information_schema.${view} WHERE ${column} IN (${placeholders(others)})`,
      )
      .join(" UNION "),
    objects.flatMap(() => others),
  );
  if (full !== undefined) throw taken(`database ${full}`, "is not empty, and was not made by `provision`", full);
  const [account] = await names(
    db,
    `SELECT User AS name FROM mysql.user WHERE Host = ? AND User IN (${placeholders(others)})`,
    [ANY_HOST, ...others],
  );
  if (account === undefined) return;
  const spelled = `${text(account)}@${text(ANY_HOST)}`;
  throw taken(`account ${spelled}`, "exists, and was not made by `provision`", spelled);
}

// --- internal ---

/** What a database may hold, by the views that list it. */
const objects = [
  ["TABLES", "TABLE_SCHEMA"],
  ["ROUTINES", "ROUTINE_SCHEMA"],
  ["EVENTS", "EVENT_SCHEMA"],
] as const;

async function names(db: Db, sql: string, values: readonly string[] = []): Promise<string[]> {
  return (await db.rows<{ name: string }>(sql, values)).map(({ name }) => name);
}

/** Our schema is known by its first table; while it is empty, it may be taken. */
async function assertOwnMark(db: Db, databases: ReadonlySet<string>, tables: ReadonlySet<string>): Promise<void> {
  if (tables.size > 0 && !tables.has("content")) {
    throw taken(`database ${SCHEMA}`, "exists, and was not made by `provision`", SCHEMA);
  }
  if (databases.has(SCHEMA)) return;
  const [definer] = await names(db, "SELECT User AS name FROM mysql.user WHERE User = ? AND Host = 'localhost'", [
    SCHEMA,
  ]);
  if (definer !== undefined) throw taken(`account ${DEFINER}`, `exists, but database ${SCHEMA} does not`, DEFINER);
}

/** A sandbox has the same schema, but nothing of what `provision` keeps in it. */
function ofSandbox(databases: readonly string[]): MigrateError {
  return new MigrateError("CONFLICT", "this server is a sandbox, which has its test databases already", {
    where: SCHEMA,
    found: databases,
    done: "nothing was changed",
    next: [
      hint("sandbox", { args: ["list"], note: "shows the sandboxes; `sandbox stop ID` ends one with its databases" }),
      hint("sandbox", { options: { workers: "4" }, note: "starts another one with 4 databases" }),
      "or use a server that `sandbox` did not start",
    ],
  });
}

function taken(object: string, problem: string, where: string): MigrateError {
  // Every name that `provision` makes needs its own schema and account.
  const isMark = where === SCHEMA || where === DEFINER;
  return new MigrateError("CONFLICT", `${object} ${problem}`, {
    where,
    done: "nothing was changed",
    next: [
      isMark
        ? "use another server"
        : hint("provision", { options: { database: "NAME" }, note: "creates NAME_1, NAME_2 and so on" }),
      `or, if it is not needed, drop ${object}`,
    ],
  });
}
