/**
 * The primary key as a server sorts it: a text in its own collation, an enum by its ordinals. With
 * it every row is found once, page after page, whatever the key is made of.
 */
import { id } from "../sql.ts";
import { type ReadCell, literal } from "./literals.ts";
import type { SelectedColumn, Selection } from "./selection.ts";

export interface KeyPart {
  /** What is sorted by. */
  readonly sorted: string;
  /** The condition of the row with this value, and of those behind it. */
  readonly same: (cells: readonly ReadCell[]) => string;
  readonly behind: (cells: readonly ReadCell[]) => string;
}

/** Empty where the table has no primary key. */
export function keyParts({ columns, from }: Selection): KeyPart[] {
  return columns.flatMap((column, at) => (column.key ? [keyPart(from, column, at)] : []));
}

function keyPart(from: string, column: SelectedColumn, at: number): KeyPart {
  const { format } = column;
  const own = compared(qualified(from, column), column);
  if (format.labels !== undefined) return comparing(ordinalOf(from, column), (cells) => cells[at]?.ordinal ?? "NULL");
  const value = (cells: readonly ReadCell[]) => literal(format, cells[at]?.value ?? null);
  if (format.rounded !== true) return comparing(own, value);
  return {
    sorted: own,
    same: (cells) => isPrinted(own, value(cells)),
    behind: (cells) => `(${own} > ${value(cells)} AND NOT ${isPrinted(own, value(cells))})`,
  };
}

function comparing(sorted: string, value: (cells: readonly ReadCell[]) => string): KeyPart {
  return { sorted, same: (cells) => `${sorted} = ${value(cells)}`, behind: (cells) => `${sorted} > ${value(cells)}` };
}

/** Whether a float is the one that was printed, up to its last digits: two floats lie a good deal further apart. */
export function isPrinted(column: string, printed: string): string {
  return `(ABS(${column} - ${printed}) <= 1e-9 * ABS(${printed}))`;
}

/** The conditions of the row of this key. */
export function same(key: readonly KeyPart[], cells: readonly ReadCell[]): string {
  return key.map((part) => part.same(cells)).join(" AND ");
}

/** The condition of all rows behind this one: (a > 1) OR (a = 1 AND b > 2), which an index can answer. */
export function behind(key: readonly KeyPart[], cells: readonly ReadCell[]): string {
  return key
    .map((part, at) => {
      const before = at === 0 ? "" : `${same(key.slice(0, at), cells)} AND `;
      return `(${before}${part.behind(cells)})`;
    })
    .join(" OR ");
}

/** What a column is compared by. */
export function compared(name: string, { format }: SelectedColumn): string {
  return format.keyed?.(name) ?? name;
}

/** With the name of its table, because an alias of the SELECT may be called the same. */
export function qualified(table: string, column: SelectedColumn): string {
  return `${id(table)}.${id(column.from)}`;
}

export function ordinalOf(table: string, column: SelectedColumn): string {
  return `CAST(${qualified(table, column)} AS UNSIGNED)`;
}
