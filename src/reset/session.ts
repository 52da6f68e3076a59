/** The session settings under which objects are read and made again, so that they come back character for character. */
import type { Db } from "../db/db.ts";
import { SQL_MODE } from "../db/session.ts";
import { text } from "../sql.ts";

/**
 * Runs `work` with a sql_mode that changes no value: zero dates and the id 0 are kept. Foreign keys are not checked,
 * because tables come in any order.
 */
export async function withSession<T>(db: Db, work: () => Promise<T>): Promise<T> {
  await db.run("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0, unique_checks = 0");
  try {
    return await work();
  } finally {
    await db.run(`SET SESSION sql_mode = ${text(SQL_MODE)}, foreign_key_checks = 1, unique_checks = 1`);
  }
}
