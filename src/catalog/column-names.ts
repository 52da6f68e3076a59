import type { Db } from "../db/db.ts";
import { placeholders } from "../sql.ts";

/**
 * Of these tables those that exist, each with the names of its columns, all in lower case: column names compare
 * without case on every server, and some servers store tables in lower case.
 */
export async function readColumnNames(
  db: Db,
  tables: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await db.rows<{ name: string; column: string }>(
    "SELECT TABLE_NAME AS name, COLUMN_NAME AS `column` FROM information_schema.COLUMNS " +
      `WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${placeholders(tables)})`,
    tables,
  );
  const byTable = Map.groupBy(rows, ({ name }) => name.toLowerCase());
  return new Map(
    [...byTable].map(([name, columns]) => [name, new Set(columns.map(({ column }) => column.toLowerCase()))]),
  );
}
