import { compareColumn } from "../catalog/compare.ts";
import type { Dialect, Online } from "../dialect/dialect.ts";
import { alterTable, columnDefinition } from "../dialect/render.ts";
import { type Table, findColumn, findTable, withTable } from "../model.ts";
import { id } from "../sql.ts";
import { noSuchTable, verdictOf } from "./judge.ts";
import { columnOf } from "./shape.ts";
import { type AddColumn, type ColumnSpec, type Statement, type StepHandler, mustFindTable } from "./step.ts";

export function addColumn(table: string, column: ColumnSpec): AddColumn {
  return { kind: "addColumn", table, column };
}

export const handler: StepHandler<AddColumn> = {
  title: (step) => `add column ${step.table}.${step.column.name}`,
  tables: (step) => [step.table],

  inspect(step, { catalog }) {
    const table = findTable(catalog, step.table);
    if (table === undefined) return noSuchTable(step.table);
    const found = findColumn(table, step.column.name);
    if (found === undefined) return { state: "absent" };
    const differences = compareColumn(`${step.table}.${step.column.name}`, columnOf(step.column, table), found);
    return verdictOf(differences, [step.column], (difference) => ({
      difference,
      change: changeColumn(step.table, step.column),
    }));
  },

  /** Last in the table and alone in its statement: merged with a key it would rebuild the table (measured). */
  render(step, { catalog, dialect }) {
    const table = mustFindTable(findTable(catalog, step.table), step.table);
    const online = howToAdd(table, dialect);
    return {
      sql: alterTable(step.table, `ADD COLUMN ${columnDefinition(step.column)}`, online),
      online,
      locks: [step.table],
      ...(online.algorithm === "INSTANT" ? {} : { reads: step.table }),
    };
  },

  project(step, { catalog }) {
    const table = mustFindTable(findTable(catalog, step.table), step.table);
    return withTable(catalog, { ...table, columns: [...table.columns, columnOf(step.column, table)] });
  },
};

function howToAdd(table: Table, { can }: Dialect): Online {
  if (table.indexes.some((index) => index.kind === "fulltext")) return can.addColumnBesideFulltext;
  return table.compressed ? can.addColumnToCompressed : can.instant;
}

/** Makes a column what it is meant to be. How, the server decides: it may copy the table. */
export function changeColumn(table: string, column: ColumnSpec): Statement {
  return { sql: `ALTER TABLE ${id(table)} MODIFY COLUMN ${columnDefinition(column)}`, reads: table, locks: [table] };
}
