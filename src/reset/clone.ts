/** Databases made from a content, and registered, so that they can be reset. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { id, idList, text } from "../sql.ts";
import type { Content, PristineTable } from "./content.ts";
import { applyOwnChanges, measureOwnChanges, readContentObjects } from "./content-objects.ts";
import { type Definition, createSql, dropSql, firesOnRestore, sessionSql } from "./definitions.ts";
import { fileName } from "../dialect/file-name.ts";
import { DEFINER, grantCalls, grantPattern } from "./install.ts";
import { compareRowsSql } from "./row-sums.ts";
import { withSession } from "./session.ts";
import { SCHEMA } from "./tables.ts";

export interface CloneOptions {
  readonly name: string;
  /** An account that exists, by its name without a host; it gets everything in the database, and may reset it. */
  readonly account: string;
  /** The host part of the account. */
  readonly host?: string;
  /** No other session works on this server: what statements of a reset change may be measured. */
  readonly isAlone?: boolean;
}

/**
 * Makes a database of this content, and registers it. Throws CONFLICT if the name is taken by a database that is not
 * empty.
 */
export async function cloneDatabase(
  db: Db,
  content: Content,
  { name, account, host = "%", isAlone = false }: CloneOptions,
): Promise<void> {
  await requireEmpty(db, name);
  await db.run(`CREATE DATABASE IF NOT EXISTS ${id(name)}`);
  await fillDatabase(db, content, name, isAlone);
  await db.run(`INSERT INTO ${SCHEMA}.registered (name, content, account, host) VALUES (?, ?, ?, ?)`, [
    name,
    content.id,
    account,
    host,
  ]);
  const grantee = `${text(account)}@${text(host)}`;
  await db.run(`GRANT ALL PRIVILEGES ON ${grantPattern(name)}.* TO ${grantee}`);
  await grantCalls(db, grantee);
}

/** Fills an empty database, and writes down how each of its objects is made again. */
export async function fillDatabase(db: Db, content: Content, name: string, isAlone = false): Promise<void> {
  await withSession(db, async () => {
    const current = db.database;
    await db.run(`ALTER DATABASE ${id(name)} CHARACTER SET ${content.charset} COLLATE ${content.collation}`);
    await db.run(`GRANT ALL PRIVILEGES ON ${grantPattern(name)}.* TO ${DEFINER}`);
    await db.run(`GRANT SELECT ON ${grantPattern(content.id)}.* TO ${DEFINER}`);
    await db.run(`USE ${id(name)}`);
    try {
      await makeAll(db, content, name);
    } finally {
      await db.run(`USE ${id(current)}`);
    }
    await register(db, content, name);
    await readContentObjects(db, content.id, name);
    if (isAlone) await measureOwnChanges(db, content.id, name);
    await applyOwnChanges(db, content.id, name);
    await db.run(`CALL ${SCHEMA}.look(?)`, [name]);
    await db.run(`CALL ${SCHEMA}.look_at_definitions(?)`, [name]);
    await db.run(`CALL ${SCHEMA}.remember(?)`, [name]);
    await db.run(`CALL ${SCHEMA}.take_baseline(?)`, [name]);
  });
}

/** Makes all objects of a content, with its rows, in an empty database that is the current one. */
export async function makeAll(db: Db, content: Content, name: string): Promise<void> {
  const [before] = await db.rows<Record<string, string>>(
    "SELECT @@sql_mode AS sql_mode, @@time_zone AS time_zone, @@character_set_client AS character_set_client, @@collation_connection AS collation_connection",
  );
  const back = sessionSql({ kind: "table", name: "", sql: "", under: before ?? {} }) ?? "";
  // Rows before triggers: they are copied, and nothing shall happen because of them.
  const make = async (definition: Definition) => {
    const under = sessionSql(definition);
    if (under !== undefined) await db.run(under);
    await db.run(createSql(definition, name, DEFINER));
    if (under !== undefined) await db.run(back);
  };
  for (const definition of content.definitions) if (definition.kind === "table") await make(definition);
  for (const table of content.tables) if (!table.isEmpty) await db.run(insertSql(content, table, name));
  for (const definition of content.definitions) if (definition.kind !== "table") await make(definition);
}

// --- internal ---

function insertSql(content: Content, { name, columns }: PristineTable, database: string): string {
  const copy = `${id(content.id)}.${id(name)}`;
  return `INSERT INTO ${id(database)}.${id(name)} ${idList(columns)} SELECT ${columns.map(id).join(", ")} FROM ${copy}`;
}

/** Writes the rows of `object`: each holds the statements for one object, with the names of this database in them. */
async function register(db: Db, content: Content, name: string): Promise<void> {
  await db.run(`DELETE FROM ${SCHEMA}.object WHERE db = ?`, [name]);
  await db.run(`CALL ${SCHEMA}.look_at_definitions(?)`, [name]);
  const seen = await db.rows<{ kind: string; name: string; hash: string | null }>(
    `SELECT kind, name, hash FROM ${SCHEMA}.seen_object WHERE db = ?`,
    [name],
  );
  const hashOf = (kind: string, object: string) =>
    seen.find((each) => each.kind === kind && each.name === object)?.hash ?? null;
  let position = 0;
  for (const definition of content.definitions) {
    const { kind, name: object } = definition;
    const table = content.tables.find((each) => kind === "table" && each.name === object);
    // The text of a view, with the name of this database everywhere: the procedure has another current database.
    const create = kind === "view" ? await qualifiedView(db, name, object) : createSql(definition, name, DEFINER);
    await db.run(
      `INSERT INTO ${SCHEMA}.object (db, kind, name, position, hash, drop_sql, session_sql, create_sql, fires_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        name,
        kind,
        object,
        position++,
        hashOf(kind, object),
        kind === "view" ? null : dropSql(definition, name),
        sessionSql(definition) ?? null,
        create,
        firesOnRestore(definition) ? (definition.table ?? null) : null,
      ],
    );
    if (table !== undefined) await registerTable(db, content, table, name);
  }
  await db.run(
    `INSERT INTO ${SCHEMA}.object (db, kind, name, position, hash, create_sql) VALUES (?, 'database', ?, ?, ?, ?)`,
    [
      name,
      name,
      position,
      hashOf("database", name),
      `ALTER DATABASE ${id(name)} CHARACTER SET ${content.charset} COLLATE ${content.collation}`,
    ],
  );
}

async function registerTable(db: Db, content: Content, table: PristineTable, name: string): Promise<void> {
  const place = `${id(name)}.${id(table.name)}`;
  await db.run(
    `UPDATE ${SCHEMA}.object SET file_name = ?, transactional = ?, peek_sql = ?, insert_sql = ?, next_id = ?, check_sql = ? ` +
      "WHERE db = ? AND kind = 'table' AND name = ?",
    [
      fileName(table.name),
      table.isTransactional,
      table.isTransactional || !table.isEmpty ? null : peekSql(table, name, place),
      table.isEmpty ? null : insertSql(content, table, name),
      table.nextId,
      compareRowsSql(table, place, `${id(content.id)}.${id(table.name)}`),
      name,
      table.name,
    ],
  );
}

/** Both names are literals, as in sql/ask_altered.sql. */
function peekSql(table: PristineTable, name: string, place: string): string {
  const asked = `FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${text(name)} AND TABLE_NAME = ${text(table.name)}`;
  const next = `IFNULL((SELECT AUTO_INCREMENT ${asked}), 1)`;
  return `SELECT (SELECT COUNT(*) FROM ${place}) = 0 AND ${next} = ${table.nextId ?? "1"} INTO @ispyb_sandbox_same`;
}

async function qualifiedView(db: Db, database: string, name: string): Promise<string> {
  await db.run(`USE ${SCHEMA}`);
  const [row] = await db.rows<{ "Create View": string }>(`SHOW CREATE VIEW ${id(database)}.${id(name)}`);
  return String(row?.["Create View"]).replace(/^CREATE /, "CREATE OR REPLACE ");
}

async function requireEmpty(db: Db, name: string): Promise<void> {
  const [row] = await db.rows<{ objects: number }>(
    "SELECT (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?) + (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?) AS objects",
    [name, name],
  );
  if (Number(row?.objects) === 0) return;
  throw new MigrateError("CONFLICT", `database ${name} is not empty: a test database is made in an empty one`, {
    where: name,
    done: "nothing was changed",
    next: `use another name; or, if database ${name} is not needed, drop it`,
  });
}
