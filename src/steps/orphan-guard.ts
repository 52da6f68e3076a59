import { type Catalog, type ForeignKey, findColumn, findTable, sameName } from "../model.ts";
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
  const orphaned = (from: string) =>
    parentExists ? ` AND NOT EXISTS (SELECT 1 FROM ${from} AS parent WHERE ${tie})` : "";
  const names = columns.join(", ");
  const clearing = columns.map((column) => `child.${id(column)} = NULL`).join(", ");
  // MySQL changes no table that a subquery reads; it reads a derived table as another one.
  const apart = sameName(table, parent.table) ? `(SELECT * FROM ${id(parent.table)})` : id(parent.table);
  return {
    counts: `rows of ${table} with a ${names} that does not exist in ${parent.table}`,
    sql: `SELECT COUNT(*) AS n FROM ${id(table)} AS child WHERE ${set}${orphaned(id(parent.table))}`,
    reads: parentExists ? [table, parent.table] : [table],
    fix: columns.every((column) => findColumn(child, column)?.nullable === true)
      ? [
          parentExists
            ? `insert the missing rows of ${parent.table}, or set ${names} to NULL in these rows of ${table}:`
            : `table ${parent.table} does not exist yet: set ${names} to NULL in these rows of ${table}:`,
          `UPDATE ${id(table)} AS child SET ${clearing} WHERE ${set}${orphaned(apart)};`,
        ]
      : [`insert the missing rows of ${parent.table}, or delete these rows of ${table}`],
    undo,
  };
}
