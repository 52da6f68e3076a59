import { type Catalog, type ForeignKey, findColumn, findTable } from "../model.ts";
import { id } from "../sql.ts";
import type { Guard, Statement } from "./contract.ts";

/**
 * Counts the rows that name no parent; `undo` drops the key again. Undefined where the columns are
 * still to be made: every row will have NULL there. Where the parent is still to be made, every value
 * that is set names nobody.
 */
export function orphanGuard(
  table: string,
  { columns, parent }: Pick<ForeignKey, "columns" | "parent">,
  catalog: Catalog,
  undo: Statement,
): Guard | undefined {
  const child = findTable(catalog, table);
  if (child === undefined || !columns.every((column) => findColumn(child, column) !== undefined)) return undefined;
  const set = columns.map((column) => `child.${id(column)} IS NOT NULL`).join(" AND ");
  const tie = columns.map((column, at) => `parent.${id(parent.columns[at] ?? "")} = child.${id(column)}`).join(" AND ");
  const parentThere = findTable(catalog, parent.table) !== undefined;
  const nobody = parentThere ? ` AND NOT EXISTS (SELECT 1 FROM ${id(parent.table)} AS parent WHERE ${tie})` : "";
  return {
    counts: `rows of ${table} whose ${columns.join(", ")} names no row of ${parent.table}`,
    sql: `SELECT COUNT(*) AS n FROM ${id(table)} AS child WHERE ${set}${nobody}`,
    mend: parentThere
      ? "set the column to NULL there, or insert the parents, then"
      : `set the column to NULL there (${parent.table} is still to be made), then`,
    undo,
  };
}
