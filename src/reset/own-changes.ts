/**
 * How far a statement of a reset moves what the server counts as changes of definitions. A reset says how far it moved
 * that number, so that it is no change for the databases beside it.
 */
import { readServer } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { SCHEMA } from "./tables.ts";

/** Writes down what is known of a content's tables without a measurement: some servers count statements. */
export async function knowOwnChanges(db: Db, content: string, tables: readonly string[]): Promise<void> {
  const { dialect } = await readServer(db);
  if (dialect.names.changesOfStatement === "NULL") return;
  for (const table of tables) await write(db, content, table, dialect.names.changesOfStatement);
}

/**
 * Measures it for each statement that sets an AUTO_INCREMENT of this database, where it is not known. No other session may
 * work on the server: what that session changes would be measured, too, and would then stay hidden from resets.
 */
export async function measureOwnChanges(db: Db, content: string, name: string): Promise<void> {
  const statements = await db.rows<{ table: string; sql: string }>(
    `SELECT o.name AS \`table\`, o.next_id_sql AS \`sql\` FROM ${SCHEMA}.object o ` +
      `LEFT JOIN ${SCHEMA}.own_change c ON c.content = ? AND c.name = o.name ` +
      "WHERE o.db = ? AND o.kind = 'table' AND o.next_id_sql IS NOT NULL AND c.changes IS NULL",
    [content, name],
  );
  let before = await counted(db);
  for (const { table, sql } of statements) {
    await db.run(sql);
    const after = await counted(db);
    await write(db, content, table, String(after - before));
    before = after;
  }
}

/** Gives the statements of a registered database what is known of its content. */
export async function applyOwnChanges(db: Db, content: string, name: string): Promise<void> {
  await db.run(
    `UPDATE ${SCHEMA}.object o JOIN ${SCHEMA}.own_change c ON c.content = ? AND c.name = o.name ` +
      "SET o.own_changes = c.changes WHERE o.db = ? AND o.kind = 'table'",
    [content, name],
  );
}

// --- internal ---

async function counted(db: Db): Promise<number> {
  await db.run(`CALL ${SCHEMA}.read_changes(FALSE, @ispyb_sandbox_counted)`);
  const [row] = await db.rows<{ counted: string }>("SELECT @ispyb_sandbox_counted AS counted");
  return Number(String(row?.counted).split(" ")[0]);
}

async function write(db: Db, content: string, table: string, changes: string): Promise<void> {
  await db.run(`INSERT INTO ${SCHEMA}.own_change (content, name, changes) VALUES (?, ?, ?)`, [content, table, changes]);
}
