/** A column of ours that refers to a key has the type of that key: the server accepts no other in a foreign key. */
import { isWholeNumber } from "../dialect/column-type.ts";
import { type Catalog, findColumn, findTable, sameName } from "../model.ts";
import type { ColumnSpec, ForeignKeySpec, Step } from "./step.ts";

/**
 * The step as this database needs it: facilities have keys of int, int unsigned and bigint. `later` are the steps that
 * follow, which tell what a new column will refer to.
 */
export function withParentTypes(step: Step, later: readonly Step[], catalog: Catalog): Step {
  if (step.kind === "createTable") {
    const columns = step.columns.map((column) => typed(column, step.foreignKeys, catalog));
    return { ...step, columns };
  }
  if (step.kind !== "addColumn") return step;
  const keys = later.flatMap((each) =>
    each.kind === "addForeignKey" && sameName(each.table, step.table) ? [each.foreignKey] : [],
  );
  return { ...step, column: typed(step.column, keys, catalog) };
}

function typed(column: ColumnSpec, keys: readonly ForeignKeySpec[], catalog: Catalog): ColumnSpec {
  for (const { columns, parent } of keys) {
    const at = columns.findIndex((name) => sameName(name, column.name));
    const table = at < 0 ? undefined : findTable(catalog, parent.table);
    const key = table === undefined ? undefined : findColumn(table, parent.columns[at] ?? "");
    if (key !== undefined && isWholeNumber(key.type) && isWholeNumber(column.type))
      return { ...column, type: key.type };
  }
  return column;
}
