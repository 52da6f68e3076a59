/**
 * The text of one part of a file: the data that one step saved. A part can be run alone, and is applied completely
 * or not at all.
 */
import type { Db } from "../db/db.ts";
import { columnDefinition } from "../dialect/render.ts";
import type { Column } from "../model.ts";
import { counted } from "../plural.ts";
import { comment, runIf } from "../script-forms.ts";
import { id } from "../sql.ts";
import { oneLine } from "./literals.ts";
import type { SavedRows, Selection } from "./selection.ts";
import { beginPart, endPart } from "./session-settings.ts";
import { rowStatements } from "./statements.ts";

/** The text in pieces; returns the number of rows. */
export async function* part(db: Db, what: SavedRows, selection: Selection): AsyncGenerator<string, number> {
  yield `${comment(what.title)}\n${beginPart}`;
  for (const column of what.extra ?? []) yield addIfMissing(what.name, column);
  yield "START TRANSACTION;\n";
  const rows = yield* rowStatements(db, selection);
  yield "COMMIT;\n";
  if (selection.form === "INSERT") yield await raiseCounter(db, selection);
  yield `${endPart}${comment(`end of ${counted(rows, what.title)}`)}\n\n`;
  return rows;
}

// --- internal ---

function addIfMissing(table: string, column: Column): string {
  const stored =
    "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() " +
    `AND TABLE_NAME = ${oneLine(table)} AND COLUMN_NAME = ${oneLine(column.name)}`;
  const add = `ALTER TABLE ${id(table)} ADD COLUMN ${columnDefinition(column)}`;
  return `${runIf(`(${stored}) = 0`, oneLine(add))}\n`;
}

/** Raises AUTO_INCREMENT, so that ids used once are not used again. Never lowers it. */
async function raiseCounter(db: Db, { table, from }: Selection): Promise<string> {
  const ask =
    "SELECT AUTO_INCREMENT AS next FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME";
  const [row] = await db.rows<{ next: number | string | null }>(`${ask} = ?`, [from]);
  const next = row?.next ?? null;
  if (next === null) return "";
  const raise = `ALTER TABLE ${id(table)} AUTO_INCREMENT = ${next}`;
  return `${runIf(`(${ask} = ${oneLine(table)}) < ${next}`, oneLine(raise))}\n`;
}
