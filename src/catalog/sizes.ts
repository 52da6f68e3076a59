import type { Db } from "../db/db.ts";
import { type TableSize, sameName } from "../model.ts";
import { placeholders } from "../sql.ts";

/** The server's estimates for these tables. A missing table has no entry. */
export async function readSizes(db: Db, tables: readonly string[]): Promise<Readonly<Record<string, TableSize>>> {
  if (tables.length === 0) return {};
  const rows = await db.rows<{ name: string; rowCount: number | null; bytes: number | null }>(
    "SELECT TABLE_NAME AS name, TABLE_ROWS AS rowCount, DATA_LENGTH + INDEX_LENGTH AS bytes " +
      `FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${placeholders(tables)})`,
    tables,
  );
  // Keyed by the requested name: with lower_case_table_names the server spells it differently.
  const entries = tables.flatMap((name) => {
    const row = rows.find((each) => sameName(each.name, name));
    return row === undefined
      ? []
      : [[name, { rows: Number(row.rowCount ?? 0), bytes: Number(row.bytes ?? 0) }] as const];
  });
  return Object.fromEntries(entries);
}
