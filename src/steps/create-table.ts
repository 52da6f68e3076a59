import { type Difference, compareTables } from "../catalog/compare.ts";
import * as render from "../dialect/render.ts";
import { type Table, findTable, sameName, withTable } from "../model.ts";
import { id } from "../sql.ts";
import { conventionTables } from "./convention.ts";
import { isNotice } from "./judge.ts";
import { parentProblems } from "./parents.ts";
import { tableOf } from "./shape.ts";
import type { Conflict, CreateTable, StepHandler } from "./step.ts";

export function createTable(table: string, parts: Omit<CreateTable, "kind" | "table">): CreateTable {
  return { kind: "createTable", table, ...parts };
}

export const handler: StepHandler<CreateTable> = {
  title: (step) => `create table ${step.table}`,
  tables: (step) => [step.table, ...parents(step), ...conventionTables],

  inspect(step, { catalog }) {
    const wanted = tableOf(step, catalog);
    const found = findTable(catalog, step.table);
    if (found === undefined) {
      const problems = wanted.foreignKeys.flatMap((key) => parentProblems(step.table, wanted.columns, key, catalog));
      if (problems.length === 0) return { state: "absent" };
      return { state: "conflict", conflicts: problems.map((difference) => ({ difference })), notices: [] };
    }
    const differences = compareTables(wanted, found);
    const notices = differences.filter((difference) => isNotice(difference, step.columns));
    const conflicts = differences
      .filter((difference) => !notices.includes(difference))
      .map((difference) => conflict(difference, wanted));
    return conflicts.length === 0 ? { state: "present", notices } : { state: "conflict", conflicts, notices };
  },

  render: (step, { catalog }) => ({ sql: render.createTable(tableOf(step, catalog)), locks: parents(step) }),

  project: (step, { catalog }) => withTable(catalog, tableOf(step, catalog)),
};

function parents(step: CreateTable): string[] {
  return [...new Set(step.foreignKeys.map((key) => key.parent.table))].filter((name) => name !== step.table);
}

/** A part that is missing altogether can be added; a part of another form needs a person. */
function conflict(difference: Difference, wanted: Table): Conflict {
  const add = difference.found === undefined ? definition(difference, wanted) : undefined;
  return add === undefined ? { difference } : { difference, repair: `ALTER TABLE ${id(wanted.name)} ADD ${add};` };
}

function definition(difference: Difference, wanted: Table): string | undefined {
  const named = <T extends { readonly name: string }>(list: readonly T[]) =>
    list.find((each) => sameName(`${wanted.name}.${each.name}`, difference.object));
  const column = difference.part === "column" ? named(wanted.columns) : undefined;
  if (column !== undefined) return render.columnDefinition(column);
  const index = difference.part === "index" ? named(wanted.indexes) : undefined;
  if (index !== undefined) return render.indexDefinition(index);
  const key = difference.part === "foreign key" ? named(wanted.foreignKeys) : undefined;
  return key === undefined ? undefined : render.foreignKeyDefinition(key);
}
