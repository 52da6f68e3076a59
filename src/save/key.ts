/**
 * The primary key in the server's sort order: a text in its collation, an enum by its ordinals. Paging by it reads
 * every row exactly once, for key columns of any type.
 */
import { id } from "../sql.ts";
import { type ReadCell, literal } from "./literals.ts";
import type { SelectedColumn, Selection } from "./selection.ts";

export interface KeyPart {
  /** The expression to sort by. */
  readonly sorted: string;
  /** The condition of rows with this value, and of rows after it. */
  readonly same: (cells: readonly ReadCell[]) => string;
  readonly after: (cells: readonly ReadCell[]) => string;
}

/** The parts of the primary key; empty if the table has none. */
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
    after: (cells) => `(${own} > ${value(cells)} AND NOT ${isPrinted(own, value(cells))})`,
  };
}

function comparing(sorted: string, value: (cells: readonly ReadCell[]) => string): KeyPart {
  return { sorted, same: (cells) => `${sorted} = ${value(cells)}`, after: (cells) => `${sorted} > ${value(cells)}` };
}

/** SQL that is true if the float is the printed one; the tolerance is well below the spacing of two floats. */
export function isPrinted(column: string, printed: string): string {
  return `(ABS(${column} - ${printed}) <= 1e-9 * ABS(${printed}))`;
}

/** The condition of the row with this key. */
export function same(key: readonly KeyPart[], cells: readonly ReadCell[]): string {
  return key.map((part) => part.same(cells)).join(" AND ");
}

/** The condition of all rows after this one, (a > 1) OR (a = 1 AND b > 2): an index can serve it. */
export function after(key: readonly KeyPart[], cells: readonly ReadCell[]): string {
  return key
    .map((part, at) => {
      const before = at === 0 ? "" : `${same(key.slice(0, at), cells)} AND `;
      return `(${before}${part.after(cells)})`;
    })
    .join(" OR ");
}

/** The SQL expression to compare a column by. */
export function compared(name: string, { format }: SelectedColumn): string {
  return format.keyed?.(name) ?? name;
}

/** The column with its table's name, because the SELECT may have an alias of the same name. */
export function qualified(table: string, column: SelectedColumn): string {
  return `${id(table)}.${id(column.from)}`;
}

export function ordinalOf(table: string, column: SelectedColumn): string {
  return `CAST(${qualified(table, column)} AS UNSIGNED)`;
}
