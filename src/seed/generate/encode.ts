/** Rows as text, for LOAD DATA and for INSERT. */
import { text } from "../../sql.ts";
import type { GeneratedValue } from "./content/tables.ts";
import type { TargetColumns } from "./target-columns.ts";

/** A line as LOAD DATA reads it when nobody says otherwise: tabs between, a backslash before what is special. */
export function lineOf(target: TargetColumns, cells: readonly GeneratedValue[]): string {
  return `${join(target, cells, "\t", String.raw`\N`, escaped)}\n`;
}

/** `(1,'a',NULL)` */
export function tupleOf(target: TargetColumns, cells: readonly GeneratedValue[]): string {
  return `(${join(target, cells, ",", "NULL", text)})`;
}

// --- internal ---

/** Millions of rows come through here: no array is made of them. */
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
