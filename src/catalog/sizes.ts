import type { Db } from "../db/db.ts";
import type { TableSize } from "../model.ts";

/** The server's estimates for these tables. A table that is not there has no entry. */
export async function readSizes(db: Db, tables: readonly string[]): Promise<Readonly<Record<string, TableSize>>> {
  if (tables.length === 0) return {};
  const rows = await db.rows<{ name: string; rowCount: number | null; bytes: number | null }>(
    "SELECT TABLE_NAME AS name, TABLE_ROWS AS rowCount, DATA_LENGTH + INDEX_LENGTH AS bytes " +
      `FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${tables.map(() => "?").join(", ")})`,
    tables,
  );
  return Object.fromEntries(
    rows.map((row) => [row.name, { rows: Number(row.rowCount ?? 0), bytes: Number(row.bytes ?? 0) }]),
  );
}
