import { id } from "../sql.ts";
import type { Db, Value } from "./db.ts";

/** The number that a query calls `n`. A driver may hand it over as text. */
export async function count(db: Db, sql: string, values: readonly Value[] = []): Promise<number> {
  const [row] = await db.rows<{ n: number | string }>(sql, values);
  return Number(row?.n ?? 0);
}

export async function countRows(db: Db, table: string, where: string, values: readonly Value[] = []): Promise<number> {
  return count(db, `SELECT COUNT(*) AS n FROM ${id(table)} WHERE ${where}`, values);
}
