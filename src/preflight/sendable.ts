/** Statements of a run that could be sent now: those that need no earlier one. */
import { type Catalog, findColumn, findTable } from "../model.ts";
import type { DownPlan } from "../plan/down-plan.ts";
import { madeTogether, renderTogether } from "../plan/join-steps.ts";
import { isDue } from "../plan/plan.ts";
import { type Plan, factsOfPlan } from "../plan/read-plan.ts";
import type { Statement } from "../steps/contract.ts";
import { inspect, undo } from "../steps/index.ts";
import { mergeStatements } from "../steps/merge.ts";
import type { StepRef } from "../steps/step-ref.ts";
import type { Step } from "../steps/step.ts";
import type { Sendable } from "./ask-server.ts";

/** Those statements of `up` that would be the same if they were the first. */
export function sendableNow(plan: Plan, { repair }: { readonly repair: boolean }): Sendable[] {
  const live = factsOfPlan(plan);
  const due = plan.migrations.filter((each) => isDue(each, repair)).flatMap(({ steps }) => steps);
  return due.flatMap((ref) => {
    const { step, statement } = ref;
    // A statement of a .sql file may need an earlier one in ways that only a parser could tell.
    if (step.kind === "sqlStatement") return [];
    if (statement === undefined || !isThere(plan.catalog, step, statement)) return [];
    if (inspect(step, live).state !== "absent") return [];
    const together = renderTogether(ref, madeTogether(ref, due), live);
    const now = mergeStatements(together.map((each) => each.statement));
    return now.sql === statement.sql ? sendable(ref, statement) : [];
  });
}

/** Columns that `down` drops, and that nothing depends on but their own steps. */
export function droppableNow({ catalog, migrations, server }: DownPlan): Sendable[] {
  const live = { catalog, dialect: server.dialect, answers: new Map(), later: [] };
  return migrations
    .flatMap((migration) => migration.steps)
    .flatMap((ref) => {
      const { step, undo: planned } = ref;
      if (step.kind !== "addColumn" || planned?.statement === undefined) return [];
      if (inspect(step, live).state !== "present") return [];
      const { blocked, statement } = undo(step, live, {});
      return blocked.length === 0 && statement !== undefined ? sendable(ref, statement) : [];
    });
}

/** Every table that the statement locks and every column that it puts a key on exist already. */
function isThere(catalog: Catalog, step: Step, { locks }: Statement): boolean {
  const [table] = locks.map((name) => findTable(catalog, name));
  const isMissing = (name: string) => table === undefined || findColumn(table, name) === undefined;
  return locks.every((name) => findTable(catalog, name) !== undefined) && !keyedColumns(step).some(isMissing);
}

function keyedColumns(step: Step): readonly string[] {
  if (step.kind === "addIndex") return step.index.parts.map(({ column }) => column);
  return step.kind === "addForeignKey" || step.kind === "changeDeleteRule" ? step.foreignKey.columns : [];
}

function sendable(ref: StepRef, statement: Statement): Sendable[] {
  const [table] = statement.locks;
  return table === undefined ? [] : [{ ref, table, statement }];
}
