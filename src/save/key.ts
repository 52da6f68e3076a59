/**
 * The primary key as a server sorts it: a text in its own collation, an enum by its ordinals. With
 * it every row is found once, page after page, whatever the key is made of.
 */
import { id } from "../sql.ts";
import { type Cell, literal } from "./format.ts";
import type { SelectedColumn, Selection } from "./selection.ts";

export interface KeyPart {
  /** What is sorted by. */
  readonly sorted: string;
  readonly literal: (cells: readonly Cell[]) => string;
}

/** Empty where the table has no primary key. */
export function keyOf({ columns, from }: Selection): KeyPart[] {
  return columns.flatMap((column, at) => (column.key ? [keyPart(from, column, at)] : []));
}

function keyPart(from: string, column: SelectedColumn, at: number): KeyPart {
  return column.format.labels === undefined
    ? {
        sorted: qualified(from, column),
        literal: (cells) => literal(column.format, cells[at]?.value ?? null),
      }
    : { sorted: ordinalOf(from, column), literal: (cells) => cells[at]?.ordinal ?? "NULL" };
}

/** The conditions of the row of this key. */
export function same(key: readonly KeyPart[], cells: readonly Cell[]): string {
  return key.map((part) => `${part.sorted} = ${part.literal(cells)}`).join(" AND ");
}

/** The condition of all rows behind this one: (a > 1) OR (a = 1 AND b > 2), which an index can answer. */
export function behind(key: readonly KeyPart[], cells: readonly Cell[]): string {
  return key
    .map((part, at) => {
      const before = at === 0 ? "" : `${same(key.slice(0, at), cells)} AND `;
      return `(${before}${part.sorted} > ${part.literal(cells)})`;
    })
    .join(" OR ");
}

/** With the name of its table, because an alias of the SELECT may be called the same. */
export function qualified(table: string, column: SelectedColumn): string {
  return `${id(table)}.${id(column.from)}`;
}

export function ordinalOf(table: string, column: SelectedColumn): string {
  return `CAST(${qualified(table, column)} AS UNSIGNED)`;
}
