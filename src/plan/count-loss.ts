import { count, countRows } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { type Table, keepsHistory } from "../model.ts";
import { id } from "../sql.ts";

/** Rows of the table where the condition holds, or held at any time that the table remembers. */
export function countLost(db: Db, table: Table, where: string): Promise<number> {
  if (!keepsHistory(table)) return countRows(db, table.name, where);
  return count(db, `SELECT COUNT(*) AS n FROM ${id(table.name)} FOR SYSTEM_TIME ALL WHERE ${where}`);
}
