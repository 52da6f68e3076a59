import { compareColumn } from "../catalog/compare.ts";
import type { Dialect, Online } from "../dialect/dialect.ts";
import { columnDefinition } from "../dialect/render.ts";
import { type Table, findColumn, findTable, withTable } from "../model.ts";
import { id } from "../sql.ts";
import { isNotice } from "./judge.ts";
import { columnOf } from "./shape.ts";
import { type AddColumn, type ColumnSpec, type StepHandler, mustFindTable } from "./step.ts";

export function addColumn(table: string, column: ColumnSpec): AddColumn {
  return { kind: "addColumn", table, column };
}

export const handler: StepHandler<AddColumn> = {
  title: (step) => `add column ${step.table}.${step.column.name}`,
  tables: (step) => [step.table],

  inspect(step, { catalog }) {
    const table = findTable(catalog, step.table);
    if (table === undefined) {
      const difference = {
        part: "table",
        object: step.table,
        aspect: "existence",
        expected: `table ${step.table}`,
      } as const;
      return { state: "conflict", conflicts: [{ difference }], notices: [] };
    }
    const found = findColumn(table, step.column.name);
    if (found === undefined) return { state: "absent" };
    const differences = compareColumn(`${step.table}.${step.column.name}`, columnOf(step.column, table), found);
    const notices = differences.filter((difference) => isNotice(difference, [step.column]));
    const conflicts = differences
      .filter((difference) => !notices.includes(difference))
      .map((difference) => ({ difference }));
    return conflicts.length === 0 ? { state: "present", notices } : { state: "conflict", conflicts, notices };
  },

  /** Last in the table and alone in its statement: merged with a key it would rebuild the table (measured). */
  render(step, { catalog, dialect }) {
    const table = mustFindTable(findTable(catalog, step.table), step.table);
    const { accepts: _, ...column } = step.column;
    const online = howToAdd(table, dialect);
    return {
      sql: `ALTER TABLE ${id(step.table)} ADD COLUMN ${columnDefinition(column)}, ALGORITHM=${online.algorithm}, LOCK=${online.lock}`,
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
