/** The registry: the compiler demands a handler for every kind of step. */
import type { Catalog } from "../model.ts";
import * as addColumnStep from "./add-column.ts";
import * as addForeignKeyStep from "./add-foreign-key.ts";
import * as addIndexStep from "./add-index.ts";
import * as createTableStep from "./create-table.ts";
import type { AddForeignKey, Facts, Guard, Statement, Step, StepHandler, Verdict } from "./step.ts";

const handlers: { readonly [K in Step["kind"]]: StepHandler<Extract<Step, { kind: K }>> } = {
  createTable: createTableStep.handler,
  addColumn: addColumnStep.handler,
  addIndex: addIndexStep.handler,
  addForeignKey: addForeignKeyStep.handler,
};

export const kinds = Object.keys(handlers) as readonly Step["kind"][];

function handlerOf(step: Step): StepHandler<Step> {
  return handlers[step.kind];
}

export const title = (step: Step): string => handlerOf(step).title(step);
export const tablesOf = (step: Step): readonly string[] => handlerOf(step).tables(step);
export const inspect = (step: Step, facts: Facts): Verdict => handlerOf(step).inspect(step, facts);
/** The foreign keys that a step makes, each as a step of its own. */
export function keysOf(step: Step): AddForeignKey[] {
  if (step.kind === "addForeignKey") return [step];
  return step.kind === "createTable"
    ? step.foreignKeys.map((key) => addForeignKeyStep.addForeignKey(step.table, key))
    : [];
}

export const guard = (step: Step, facts: Facts): Guard | undefined => handlerOf(step).guard?.(step, facts);
export const render = (step: Step, facts: Facts): Statement => handlerOf(step).render(step, facts);
export const project = (step: Step, facts: Facts): Catalog => handlerOf(step).project(step, facts);
