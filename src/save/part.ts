/** What comes before and after the rows of one step. */
import type { Db } from "../db/db.ts";
import { columnDefinition } from "../dialect/render.ts";
import type { Column } from "../model.ts";
import { runIf } from "../script-forms.ts";
import { id } from "../sql.ts";
import { oneLine } from "./literals.ts";
import type { SavedRows, Selection } from "./selection.ts";

/** Adds the facility's own columns that are missing. */
export function missingColumns({ name, extra = [] }: SavedRows): string {
  return extra.map((column) => addIfMissing(name, column)).join("");
}

/** Raises AUTO_INCREMENT, so that ids used once are not used again. Never lowers it. */
export async function raiseCounter(db: Db, { form, table, from }: Selection): Promise<string> {
  if (form === "UPDATE") return "";
  const ask =
    "SELECT AUTO_INCREMENT AS next FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME";
  const [row] = await db.rows<{ next: number | string | null }>(`${ask} = ?`, [from]);
  const next = row?.next ?? null;
  if (next === null) return "";
  const raise = `ALTER TABLE ${id(table)} AUTO_INCREMENT = ${next}`;
  return `${runIf(`(${ask} = ${oneLine(table)}) < ${next}`, oneLine(raise))}\n`;
}

// --- internal ---

function addIfMissing(table: string, column: Column): string {
  const stored =
    "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() " +
    `AND TABLE_NAME = ${oneLine(table)} AND COLUMN_NAME = ${oneLine(column.name)}`;
  const add = `ALTER TABLE ${id(table)} ADD COLUMN ${columnDefinition(column)}`;
  return `${runIf(`(${stored}) = 0`, oneLine(add))}\n`;
}
