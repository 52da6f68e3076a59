/** A form that a later step gives is one of our forms: an earlier step does not report it. */
import { describeIndex } from "../catalog/describe.ts";
import type { Difference } from "../catalog/difference.ts";
import { sameName, sameNames } from "../model.ts";
import type { Verdict } from "./contract.ts";
import type { AddForeignKey, Step } from "./step.ts";

/** Names that later steps give to the foreign key on these columns. */
export function laterNames(later: readonly Step[], table: string, columns: readonly string[]): string[] {
  return later.flatMap((step) => {
    if (step.kind !== "addForeignKey" && step.kind !== "changeDeleteRule") return [];
    const { name, columns: own } = step.foreignKey;
    return sameName(step.table, table) && sameNames(own, columns) ? [name] : [];
  });
}

/** The verdict without the notices that a later step covers. `keys` are the foreign keys of the step itself. */
export function withoutLater(verdict: Verdict, keys: readonly AddForeignKey[], later: readonly Step[]): Verdict {
  if (verdict.state === "absent") return verdict;
  const notices = verdict.notices.filter((notice) => !later.some((step) => covers(step, notice, keys)));
  return { ...verdict, notices };
}

function covers(step: Step, notice: Difference, keys: readonly AddForeignKey[]): boolean {
  const { part, object, aspect, expected, found: actual } = notice;
  switch (step.kind) {
    case "addColumn":
    case "changeColumn":
      return part === "column" && sameName(object, `${step.table}.${step.column.name}`);
    case "addEnumValue":
      return part === "column" && aspect === "type" && sameName(object, `${step.table}.${step.column}`);
    case "addIndex":
      return (
        part === "index" && expected === undefined && actual === describeIndex(step.index) && isIn(object, step.table)
      );
    case "addForeignKey":
      return (
        part === "foreign key" && expected === undefined && sameName(object, `${step.table}.${step.foreignKey.name}`)
      );
    case "changeDeleteRule": {
      const key = keys.find(({ table, foreignKey }) => sameName(object, `${table}.${foreignKey.name}`));
      return aspect === "onDelete" && key !== undefined && isOnSameColumns(key, step);
    }
    case "createTable":
    case "fillNulls":
    case "insertRows":
    case "leaveBehind":
    case "runSql":
    case "sqlStatement":
      return false;
  }
}

type OnColumns = Pick<AddForeignKey, "table" | "foreignKey">;

function isOnSameColumns(a: OnColumns, b: OnColumns): boolean {
  return sameName(a.table, b.table) && sameNames(a.foreignKey.columns, b.foreignKey.columns);
}

function isIn(object: string, table: string): boolean {
  return sameName(object.slice(0, table.length + 1), `${table}.`);
}
