/** Which rows and columns a file with saved rows holds. */
import { type Table, sameName } from "../model.ts";
import type { SavedRows } from "../save/selection.ts";
import type { Loss } from "../steps/contract.ts";
import type { Migration } from "./load-migrations.ts";

/** Where the rows are now, and the names that table and column will have again. */
export interface RowsAt {
  readonly table: Table;
  readonly name: string;
  readonly column?: { readonly name: string; readonly from: string };
}

/** The rows of this loss, in a form that `up` and then the file restore. */
export function savedRows(migrations: readonly Migration[], loss: Loss, { table, name, column }: RowsAt): SavedRows {
  const columns = (of: readonly string[]) => (column === undefined ? of.map((each) => ({ name: each })) : [column]);
  return {
    table,
    name,
    from: table.name,
    of: loss.of === "rows" ? "rows" : { columns: columns(loss.of.columns) },
    where: loss.where,
    title: loss.what,
    extra: loss.of === "rows" ? ownColumns(migrations, name, table) : [],
  };
}

/** Columns that `up` will not create again: the facility added them to a table of ours. */
function ownColumns(migrations: readonly Migration[], name: string, table: Table) {
  const steps = migrations.flatMap((migration) => migration.steps);
  const ours = steps.flatMap((step) => {
    if (step.kind === "createTable" && sameName(step.table, name)) return step.columns.map((column) => column.name);
    return step.kind === "addColumn" && sameName(step.table, name) ? [step.column.name] : [];
  });
  return table.columns.filter((column) => !ours.some((each) => sameName(each, column.name)));
}
