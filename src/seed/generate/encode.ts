/** Rows as text, for LOAD DATA and for INSERT. */
import { text } from "../../sql.ts";
import type { GeneratedValue } from "./content/tables.ts";
import type { TargetColumns } from "./target-columns.ts";

/** A line in the default format of LOAD DATA: separated by tabs, special characters escaped by a backslash. */
export function lineOf(target: TargetColumns, cells: readonly GeneratedValue[]): string {
  return `${join(target, cells, "\t", String.raw`\N`, escaped)}\n`;
}

/** `(1,'a',NULL)` */
export function tupleOf(target: TargetColumns, cells: readonly GeneratedValue[]): string {
  return `(${join(target, cells, ",", "NULL", text)})`;
}

// --- internal ---

/** Used for millions of rows: creates no array. */
function join(
  { places, status }: TargetColumns,
  cells: readonly GeneratedValue[],
  between: string,
  nothing: string,
  spell: (cell: string) => string,
): string {
  let joined = "";
  for (let at = 0; at < places.length; at++) {
    const place = places[at] ?? 0;
    const cell = cells[place] ?? null;
    const own = place === status?.place && typeof cell === "string" ? status.spell(cell) : cell;
    if (at > 0) joined += between;
    joined += own === null ? nothing : typeof own === "number" ? own : spell(own);
  }
  return joined;
}

const special = /[\\\t\n\0]/;
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\0": "\\0" };

function escaped(cell: string): string {
  return special.test(cell) ? cell.replaceAll(/[\\\t\n\0]/g, (character) => escapes[character] ?? character) : cell;
}
