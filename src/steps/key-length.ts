/** What an index may hold: the server refuses a longer key (error 1071), whatever the rows are. */
import { varcharBytes } from "../dialect/column-type.ts";
import { type Column, type Index, type Table, findColumn } from "../model.ts";
import { id } from "../sql.ts";
import type { Conflict } from "./contract.ts";
import { copying } from "./script-of-statement.ts";

/** Bytes of a whole key; of one column, in the row formats of before MySQL 5.7. */
const WHOLE = 3072;
const COLUMN = 767;

/** The columns that are too long for this index; none if it can be made. `name` is the table's name as the step spells it. */
export function tooLongForKey(name: string, table: Table, index: Index): Conflict[] {
  const columns = index.parts.flatMap(({ column }) => findColumn(table, column) ?? []);
  const whole = columns.reduce((sum, column) => sum + bytesOf(column), 0);
  const longest = columns.toSorted((a, b) => bytesOf(b) - bytesOf(a)).slice(0, 1);
  if (whole > WHOLE) return longest.map((column) => tooLong(name, index, column, WHOLE - (whole - bytesOf(column))));
  if (table.shortKeys !== true) return [];
  const advice = [copying(`ALTER TABLE ${id(name)} ROW_FORMAT=DYNAMIC`)];
  const long = columns.filter((column) => bytesOf(column) > COLUMN);
  return long.map((column) => ({ ...tooLong(name, index, column, COLUMN), advice }));
}

function tooLong(table: string, index: Index, column: Column, bytes: number): Conflict {
  const difference = { part: "column", object: `${table}.${column.name}`, aspect: "bytes" } as const;
  const expected = `at most ${bytes}, for the key ${index.name}`;
  return { difference: { ...difference, expected, found: String(bytesOf(column)) } };
}

/** A text has no length that the server would take for a key. */
function bytesOf(column: Column): number {
  if (column.type.endsWith("text")) return WHOLE + 1;
  const text = varcharBytes(column);
  return Number.isNaN(text) ? 8 : text;
}
