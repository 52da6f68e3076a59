import { sameName } from "../model.ts";
import { tablesOf } from "../steps/index.ts";
import type { Step } from "../steps/step.ts";

/**
 * Whether a change of a table has the same result before `other`, which is planned to come first. Not if `other` changes
 * rows that it may need, counts rows of the same tables, concerns the same column, or is a statement that only the server
 * understands. Whether its objects exist by then is for `inspect` to say.
 */
export function mayComeBefore(step: Step, other: Step): boolean {
  switch (other.kind) {
    case "runSql":
    case "sqlStatement":
      return false;
    case "addColumn":
    case "changeColumn":
    case "addEnumValue":
    case "addIndex":
      return !isOfOneTable(step, other) || !columnsOf(other).some((column) => hasName(columnsOf(step), column));
    case "createTable":
      // The columns of its foreign keys have the types of their parents.
      return step.kind !== "changeColumn" || !hasName(tablesOf(other), step.table);
    case "addForeignKey":
    case "changeDeleteRule":
    case "fillNulls":
    case "insertRows":
    case "leaveBehind":
      return !tablesOf(other).some((table) => hasName(tablesOf(step), table));
  }
}

function isOfOneTable(a: Step, b: Step): boolean {
  return sameName(tablesOf(a)[0] ?? "", tablesOf(b)[0] ?? "");
}

function hasName(names: readonly string[], name: string): boolean {
  return names.some((each) => sameName(each, name));
}

/** The columns that a step adds, changes or puts a key on. */
function columnsOf(step: Step): readonly string[] {
  switch (step.kind) {
    case "addColumn":
    case "changeColumn":
      return [step.column.name];
    case "addEnumValue":
      return [step.column];
    case "addIndex":
      return step.index.parts.map(({ column }) => column);
    case "addForeignKey":
    case "changeDeleteRule":
      return step.foreignKey.columns;
    case "createTable":
    case "fillNulls":
    case "insertRows":
    case "leaveBehind":
    case "runSql":
    case "sqlStatement":
      return [];
  }
}
