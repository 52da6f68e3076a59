/** A content: how each object of a database is made, and a copy of its rows. It is never changed. */
import { readServer } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { id, idList } from "../sql.ts";
import { type Definition, cannotReset, firesOnRestore, readDefinitions } from "./definitions.ts";
import { withSession } from "./session.ts";
import { SCHEMA } from "./tables.ts";

/** What databases are cloned from, and what a reset puts back. */
export interface Content {
  /** Also the name of the database that holds the copies. */
  readonly id: string;
  readonly charset: string;
  readonly collation: string;
  readonly definitions: readonly Definition[];
  readonly tables: readonly PristineTable[];
}

export interface PristineTable {
  readonly name: string;
  /** Columns that an INSERT may name. */
  readonly columns: readonly string[];
  /** Those of them that are FLOAT or DOUBLE. */
  readonly approximate: readonly string[];
  readonly isEmpty: boolean;
  /** True for InnoDB. */
  readonly isTransactional: boolean;
  /** AUTO_INCREMENT; null for a table without. */
  readonly nextId: string | null;
}

/**
 * Takes a copy of this database as the content of test databases: of tables with rows only. The source stays as it is
 * and is not registered. Throws CONFLICT for objects that cannot be reset.
 */
export async function takePristine(db: Db, database: string): Promise<Content> {
  return await withSession(db, async () => {
    // Names of the current database are left out in the text of views.
    const current = db.database;
    await db.run(`USE ${id(database)}`);
    try {
      const content = await readContent(db, database);
      await db.run(`CREATE DATABASE ${id(content.id)} CHARACTER SET ${content.charset} COLLATE ${content.collation}`);
      for (const { name, columns, isEmpty } of content.tables) {
        if (isEmpty) continue;
        const copy = `${id(content.id)}.${id(name)}`;
        await db.run(`CREATE TABLE ${copy} LIKE ${id(name)}`);
        await db.run(`INSERT INTO ${copy} ${idList(columns)} SELECT ${columns.map(id).join(", ")} FROM ${id(name)}`);
      }
      await db.run(
        `INSERT INTO ${SCHEMA}.content (id, source, charset, collation, definitions) VALUES (?, ?, ?, ?, ?)`,
        [content.id, database, content.charset, content.collation, JSON.stringify(content)],
      );
      return content;
    } finally {
      await db.run(`USE ${id(current)}`);
    }
  });
}

/** A content that was taken before. */
export async function readStoredContent(db: Db, contentId: string): Promise<Content | undefined> {
  const [row] = await db.rows<{ definitions: string }>(`SELECT definitions FROM ${SCHEMA}.content WHERE id = ?`, [
    contentId,
  ]);
  return row === undefined ? undefined : (JSON.parse(row.definitions) as Content);
}

/** How each object of a database is made, and which tables have rows. */
export async function readContent(db: Db, database: string): Promise<Content> {
  const [schema] = await db.rows<{ charset: string; collation: string }>(
    "SELECT DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?",
    [database],
  );
  const definitions = await readDefinitions(db, database);
  await requireRestorable(db, database, definitions);
  const columns = await db.rows<{ table: string; name: string; type: string }>(
    "SELECT TABLE_NAME AS `table`, COLUMN_NAME AS name, DATA_TYPE AS type FROM information_schema.COLUMNS " +
      "WHERE TABLE_SCHEMA = ? AND IFNULL(GENERATION_EXPRESSION, '') = '' ORDER BY TABLE_NAME, ORDINAL_POSITION",
    [database],
  );
  const counters = await db.rows<{ table: string; next: number | string }>(
    "SELECT t.TABLE_NAME AS `table`, CAST(IFNULL(t.AUTO_INCREMENT, 1) AS CHAR) AS next FROM information_schema.TABLES t " +
      "JOIN information_schema.COLUMNS c USING (TABLE_SCHEMA, TABLE_NAME) WHERE t.TABLE_SCHEMA = ? AND c.EXTRA LIKE '%auto_increment%'",
    [database],
  );
  const engines = await db.rows<{ table: string; engine: string | null }>(
    "SELECT TABLE_NAME AS `table`, ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?",
    [database],
  );
  const tables: PristineTable[] = [];
  for (const { kind, name } of definitions) {
    if (kind !== "table") continue;
    const engine = engines.find(({ table }) => table === name)?.engine ?? "";
    const rows = await db.rows(`SELECT 1 FROM ${id(name)} LIMIT 1`);
    const own = columns.filter(({ table }) => table === name);
    tables.push({
      name,
      columns: own.map((column) => column.name),
      approximate: own.filter(({ type }) => /^(?:float|double)$/i.test(type)).map((column) => column.name),
      isEmpty: rows.length === 0,
      isTransactional: engine.toLowerCase() === "innodb",
      nextId: counters.find(({ table }) => table === name)?.next.toString() ?? null,
    });
  }
  const { charset = "utf8mb4", collation = "utf8mb4_bin" } = schema ?? {};
  return { id: await freePristineName(db), charset, collation, definitions, tables };
}

/** A reset takes such a trigger away while it restores rows, which some servers cannot do in a procedure. */
async function requireRestorable(db: Db, database: string, definitions: readonly Definition[]): Promise<void> {
  const { dialect } = await readServer(db);
  const trigger = definitions.find(firesOnRestore);
  if (trigger === undefined || dialect.can.prepareReplaceProcedure) return;
  const why = `this trigger fires on INSERT or DELETE in ${trigger.table}, and this server cannot drop it in a procedure`;
  throw cannotReset(database, trigger.name, why);
}

/** The name that the next content will get: no database has it. */
export async function freePristineName(db: Db): Promise<string> {
  const taken = await db.rows<{ name: string }>("SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA");
  const names = new Set(taken.map(({ name }) => name));
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${SCHEMA}_pristine` : `${SCHEMA}_pristine_${n}`;
    if (!names.has(name)) return name;
  }
}
