/** The registry of step kinds: the compiler requires a handler for each. */
import { formatDifference } from "../catalog/difference.ts";
import { type Catalog, findTable } from "../model.ts";
import * as addColumnStep from "./add-column.ts";
import * as addEnumValueStep from "./add-enum-value.ts";
import * as addForeignKeyStep from "./add-foreign-key.ts";
import * as addIndexStep from "./add-index.ts";
import * as changeColumnStep from "./change-column.ts";
import * as changeDeleteRuleStep from "./change-delete-rule.ts";
import type { Facts, Guard, Statement, StepHandler, Undo, Verdict } from "./contract.ts";
import * as createTableStep from "./create-table.ts";
import * as fillNullsStep from "./fill-nulls.ts";
import * as insertRowsStep from "./insert-rows.ts";
import { withoutLater } from "./later-steps.ts";
import * as leaveBehindStep from "./leave-behind.ts";
import { notInnoDb } from "./parent-problems.ts";
import * as runSqlStep from "./run-sql.ts";
import * as sqlStatementStep from "./sql-statement.ts";
import type { AddForeignKey, Step } from "./step.ts";

const handlers: { readonly [K in Step["kind"]]: StepHandler<Extract<Step, { kind: K }>> } = {
  createTable: createTableStep.handler,
  addColumn: addColumnStep.handler,
  changeColumn: changeColumnStep.handler,
  addEnumValue: addEnumValueStep.handler,
  addIndex: addIndexStep.handler,
  addForeignKey: addForeignKeyStep.handler,
  changeDeleteRule: changeDeleteRuleStep.handler,
  fillNulls: fillNullsStep.handler,
  insertRows: insertRowsStep.handler,
  leaveBehind: leaveBehindStep.handler,
  runSql: runSqlStep.handler,
  sqlStatement: sqlStatementStep.handler,
};

export const stepKinds = Object.keys(handlers) as readonly Step["kind"][];

function handlerOf(step: Step): StepHandler<Step> {
  return handlers[step.kind];
}

type Present = Extract<Verdict, { state: "present" }>;
type Before = Readonly<Record<string, unknown>>;

export const title = (step: Step): string => handlerOf(step).title(step);
/** What is missing, or the properties that the step has not changed yet; one sentence each. */
export const missing = (step: Step, { differences = [] }: Extract<Verdict, { state: "absent" }>): string[] =>
  differences.length === 0 ? [handlerOf(step).missing(step)] : differences.map(formatDifference);
/** "already there", or what the kind of step says in its place. */
export const present = (step: Step, { how, notices }: Pick<Present, "how" | "notices"> = { notices: [] }): string =>
  how ?? handlerOf(step).present?.(notices) ?? "already there";
export const tablesOf = (step: Step): readonly string[] => handlerOf(step).tables(step);
export const questionsOf = (step: Step, catalog: Catalog): readonly string[] =>
  handlerOf(step).questions?.(step, catalog) ?? [];
export const inspect = (step: Step, facts: Facts): Verdict =>
  withoutLater(onInnoDb(handlerOf(step).inspect(step, facts), step, facts), foreignKeySteps(step), facts.later);
export const guard = (step: Step, facts: Facts): Guard | undefined => handlerOf(step).guard?.(step, facts);
export const render = (step: Step, facts: Facts): Statement => handlerOf(step).render(step, facts);
export const project = (step: Step, facts: Facts): Catalog => handlerOf(step).project(step, facts);
export const inPart = (step: Step, facts: Facts): boolean => handlerOf(step).inPart?.(step, facts) ?? false;
export const undo = (step: Step, facts: Facts, before: Before): Undo => handlerOf(step).undo(step, facts, before);
export const probe = (step: Step, facts: Facts): string => handlerOf(step).probe(step, facts);

/** A step that alters a table needs InnoDB: other engines refuse our algorithms, and COPY would lock the table. */
function onInnoDb(verdict: Verdict, step: Step, { catalog }: Facts): Verdict {
  if (verdict.state !== "absent" || !altering.has(step.kind)) return verdict;
  const table = findTable(catalog, tablesOf(step)[0] ?? "");
  const conflicts = table === undefined ? [] : notInnoDb(table);
  return conflicts.length === 0 ? verdict : { state: "conflict", conflicts, notices: [] };
}

const altering: ReadonlySet<Step["kind"]> = new Set(["addColumn", "changeColumn", "addEnumValue", "addIndex"]);

/** The foreign keys that a step creates, each as a step of its own. */
export function foreignKeySteps(step: Step): AddForeignKey[] {
  if (step.kind === "addForeignKey") return [step];
  return step.kind === "createTable"
    ? step.foreignKeys.map((key) => addForeignKeyStep.addForeignKey(step.table, key))
    : [];
}
