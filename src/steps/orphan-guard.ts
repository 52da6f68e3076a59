import { type Catalog, type ForeignKey, findColumn, findTable } from "../model.ts";
import { id } from "../sql.ts";
import type { Guard, Statement } from "./contract.ts";

/**
 * Counts the child rows without a parent row; `undo` drops the key again. Undefined if the columns do not exist
 * yet: every row will have NULL there. If the parent table does not exist yet, every value that is set is an
 * orphan.
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
  const parentExists = findTable(catalog, parent.table) !== undefined;
  const orphaned = parentExists ? ` AND NOT EXISTS (SELECT 1 FROM ${id(parent.table)} AS parent WHERE ${tie})` : "";
  return {
    counts: `rows of ${table} with a ${columns.join(", ")} that does not exist in ${parent.table}`,
    sql: `SELECT COUNT(*) AS n FROM ${id(table)} AS child WHERE ${set}${orphaned}`,
    fix: parentExists
      ? `set ${columns.join(", ")} to NULL in these rows, or insert the parent rows`
      : `set ${columns.join(", ")} to NULL in these rows (table ${parent.table} does not exist yet)`,
    undo,
  };
}
