/**
 * Joins new columns and enum values of one table into one statement, across migrations: one metadata lock instead of one
 * for each, one rebuild where they cannot be instant, and MySQL limits the number of instant changes of a table. The
 * journal records each step by itself.
 */
import { sameName } from "../model.ts";
import type { Facts, Statement } from "../steps/contract.ts";
import { inspect, project, render } from "../steps/index.ts";
import type { StepRef } from "../steps/step-ref.ts";
import type { AddColumn, AddEnumValue, Step } from "../steps/step.ts";
import { liesAside, putBack } from "./set-aside.ts";

export interface Rendered<P extends StepRef = StepRef> {
  readonly ref: P;
  readonly statement: Statement;
}

/** The steps of `rest` that join the statement of `first`. */
export function stepsToJoin<R extends Rendered>(first: Rendered, rest: readonly R[]): R[] {
  return rest.filter((each) => canJoin(first.ref.step, each.ref.step) && [first, each].every(isClause));
}

/** The same if the statements of the rest are not yet rendered: each on top of the one before, from the facts of `first`. */
export function renderJoining(first: Rendered, rest: readonly StepRef[], facts: Facts): Rendered[] {
  if (!isClause(first)) return [];
  let catalog = project(first.ref.step, facts);
  const joined: Rendered[] = [];
  for (const ref of rest.filter(({ step }) => canJoin(first.ref.step, step))) {
    const then = { ...facts, catalog };
    if (inspect(ref.step, then).state !== "absent") continue;
    const rendered = { ref, statement: statementFor(ref.step, then) };
    if (!isClause(rendered)) continue;
    joined.push(rendered);
    catalog = project(ref.step, then);
  }
  return joined;
}

/** The statement for an absent step. What a stopped `down` has set aside is restored, with its rows. */
export function statementFor(step: Step, facts: Facts): Statement {
  return liesAside(step, facts.catalog) ? putBack(step, facts) : render(step, facts);
}

/** New columns and values can move before other steps; other changes may depend on rows that a step between them fixes. */
function canJoin(first: Step, step: Step): boolean {
  return isAddition(first) && isAddition(step) && sameName(first.table, step.table);
}

function isAddition(step: Step): step is AddColumn | AddEnumValue {
  return step.kind === "addColumn" || step.kind === "addEnumValue";
}

/** False for a column that was set aside: it is renamed. */
function isClause({ statement }: Rendered): boolean {
  return statement.clause !== undefined;
}
