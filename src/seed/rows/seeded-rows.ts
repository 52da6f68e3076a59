/** The record of stories in the database: the rows that each story inserted, by their labels. */
import type { Db } from "../../db/db.ts";
import { existingToolTables, readToolRows, seedTable } from "../../state/tables.ts";
import type { Scalar } from "./fit.ts";

/** Columns with the values that were written into them. */
export type Written = Readonly<Record<string, Scalar>>;

export interface RecordedRow {
  readonly label: string;
  readonly table: string;
  /** NULL if the table has no id of its own: then the written values identify the row. */
  readonly rowId: number | null;
  readonly written: Written;
  /** The reference time of the story. */
  readonly at: string;
}

/** The stored form; the reader decides what `written` means. */
type Remembered = Omit<RecordedRow, "written"> & { readonly written: object };

/** The label of the record of the story's file; a label of a story begins with a letter. */
export const ORIGIN = "(file)";

export async function readSeededRows(db: Db, story: string): Promise<RecordedRow[]> {
  if (!(await existingToolTables(db)).has(seedTable)) return [];
  const rows = await readToolRows<{ label: string; table: string; rowId: number | null; written: string; at: string }>(
    db,
    seedTable,
    "label, table_name AS `table`, row_id AS rowId, written, DATE_FORMAT(times_from, '%Y-%m-%d %H:%i:%s') AS `at`",
    "WHERE story = ? AND label <> ?",
    [story, ORIGIN],
  );
  return rows.map(({ rowId, written, ...row }) => ({
    ...row,
    rowId: rowId === null ? null : Number(rowId),
    written: JSON.parse(written) as Written,
  }));
}

export async function writeSeededRow(db: Db, story: string, row: Remembered): Promise<void> {
  const values = [row.table, row.rowId, JSON.stringify(row.written), row.at];
  await db.run(
    `INSERT INTO ${seedTable} (story, label, table_name, row_id, written, times_from, seeded_at) ` +
      "VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE " +
      "table_name = ?, row_id = ?, written = ?, times_from = ?, seeded_at = UTC_TIMESTAMP(6)",
    [story, row.label, ...values, ...values],
  );
}

export async function forgetSeededRows(db: Db, story: string, labels: readonly string[]): Promise<void> {
  for (const label of labels) await db.run(`DELETE FROM ${seedTable} WHERE story = ? AND label = ?`, [story, label]);
}
