/** The reset that works without a procedure: every object goes and is made again. */
import type { Db } from "../db/db.ts";
import { id } from "../sql.ts";
import { contentOf } from "./check.ts";
import { fillDatabase } from "./clone.ts";
import { withSession } from "./session.ts";
import { SCHEMA } from "./tables.ts";

/**
 * Makes a registered database again from its content, also what no procedure can put back on some servers. The
 * database itself stays, so that sessions keep it as their current one. Needs the rights of an administrator.
 */
export async function resetDatabase(db: Db, name: string): Promise<void> {
  const content = await contentOf(db, name);
  for (const table of ["seen_changes", "baseline"]) await db.run(`DELETE FROM ${SCHEMA}.${table} WHERE db = ?`, [name]);
  await withSession(db, () => dropAll(db, name));
  await fillDatabase(db, content, name);
}

async function dropAll(db: Db, name: string): Promise<void> {
  const objects = await db.rows<{ kind: string; object: string }>(
    "SELECT 'EVENT' AS kind, EVENT_NAME AS object FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? " +
      "UNION ALL SELECT IF(TABLE_TYPE = 'VIEW', 'VIEW', 'TABLE'), TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? " +
      "UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?",
    [name, name, name],
  );
  for (const { kind, object } of objects) await db.run(`DROP ${kind} IF EXISTS ${id(name)}.${id(object)}`);
}
