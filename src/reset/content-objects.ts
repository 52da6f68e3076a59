/**
 * What the server told of each table and view of a content: the details that `check` compares, and how far a reset of a
 * table moves what the server counts as changes of definitions. A reset says how far it moved that number, so that it
 * is no change for the databases beside it.
 */
import { readServer } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { id } from "../sql.ts";
import { SCHEMA } from "./tables.ts";

/**
 * Reads them from the first database of a content, when it has just been made. Some servers count statements: there
 * nothing has to be measured.
 */
export async function readContentObjects(db: Db, content: string, name: string): Promise<void> {
  const known = await db.rows(`SELECT 1 FROM ${SCHEMA}.content_object WHERE content = ? LIMIT 1`, [content]);
  if (known.length > 0) return;
  const { names } = (await readServer(db)).dialect;
  await db.run(`CALL ${SCHEMA}.look_at_definitions(?)`, [name]);
  await db.run(`CALL ${SCHEMA}.look_at_details(?)`, [name]);
  await db.run(
    `INSERT INTO ${SCHEMA}.content_object (content, kind, name, details, own_changes) ` +
      `SELECT ?, kind, name, details, IF(kind = 'table', ${names.changesOfStatement}, NULL) ` +
      `FROM ${SCHEMA}.seen_object WHERE db = ? AND kind IN ('table', 'view')`,
    [content, name],
  );
}

/**
 * Measures how far each statement that sets an AUTO_INCREMENT of this database moves what the server counts, where that
 * is not known. No other session may work on the server: what that session changes would be measured, too, and would
 * then stay hidden from resets.
 */
export async function measureOwnChanges(db: Db, content: string, name: string): Promise<void> {
  const counters = await db.rows<{ table: string; next: string }>(
    `SELECT o.name AS \`table\`, CAST(o.next_id AS CHAR) AS next FROM ${SCHEMA}.object o ` +
      `JOIN ${SCHEMA}.content_object c ON c.content = ? AND c.kind = o.kind AND c.name = o.name ` +
      "WHERE o.db = ? AND o.kind = 'table' AND o.next_id IS NOT NULL AND c.own_changes IS NULL",
    [content, name],
  );
  if (counters.length === 0) return;
  let before = await counted(db);
  for (const { table, next } of counters) {
    await db.run(`ALTER TABLE ${id(name)}.${id(table)} AUTO_INCREMENT = ${next}`);
    const after = await counted(db);
    await db.run(
      `UPDATE ${SCHEMA}.content_object SET own_changes = ? WHERE content = ? AND kind = 'table' AND name = ?`,
      [after - before, content, table],
    );
    before = after;
  }
}

/** Gives the statements of a registered database what is known of its content. */
export async function applyOwnChanges(db: Db, content: string, name: string): Promise<void> {
  await db.run(
    `UPDATE ${SCHEMA}.object o JOIN ${SCHEMA}.content_object c ON c.content = ? AND c.kind = o.kind AND c.name = o.name ` +
      "SET o.own_changes = c.own_changes WHERE o.db = ? AND o.kind = 'table'",
    [content, name],
  );
}

// --- internal ---

async function counted(db: Db): Promise<number> {
  await db.run(`CALL ${SCHEMA}.read_changes(FALSE, @ispyb_sandbox_counted)`);
  const [row] = await db.rows<{ counted: string }>("SELECT @ispyb_sandbox_counted AS counted");
  return Number(String(row?.counted).split(" ")[0]);
}
