/**
 * Instant changes of one table go into one statement, across migrations: one metadata lock instead of
 * one for each, and MySQL counts the instant changes of a table. Each of them is journaled as itself.
 */
import { sameName } from "../model.ts";
import type { StepRef } from "../run/step-ref.ts";
import type { Facts, Statement } from "../steps/contract.ts";
import { inspect, project, render } from "../steps/index.ts";
import type { AddColumn, AddEnumValue, Step } from "../steps/step.ts";
import { liesAside, putBack } from "./set-aside.ts";

export interface Rendered<P extends StepRef = StepRef> {
  readonly ref: P;
  readonly statement: Statement;
}

/** What of `rest` goes into the statement of `first`. */
export function stepsToJoin<R extends Rendered>(first: Rendered, rest: readonly R[]): R[] {
  return rest.filter((each) => canJoin(first.ref.step, each.ref.step) && [first, each].every(isInstantClause));
}

/** The same, where the statements of the rest are still to be rendered: on top of one another, from the facts of `first`. */
export function renderJoining(first: Rendered, rest: readonly StepRef[], facts: Facts): Rendered[] {
  if (!isInstantClause(first)) return [];
  let catalog = project(first.ref.step, facts);
  const joined: Rendered[] = [];
  for (const ref of rest.filter(({ step }) => canJoin(first.ref.step, step))) {
    const then = { ...facts, catalog };
    if (inspect(ref.step, then).state !== "absent") continue;
    const rendered = { ref, statement: statementFor(ref.step, then) };
    if (!isInstantClause(rendered)) continue;
    joined.push(rendered);
    catalog = project(ref.step, then);
  }
  return joined;
}

/** What brings an absent step about. What a `down` that was stopped left aside is put back, with all that it holds. */
export function statementFor(step: Step, facts: Facts): Statement {
  return liesAside(step, facts.catalog) ? putBack(step, facts.dialect) : render(step, facts);
}

/** New columns and values wait for nothing that stands between them; other changes may wait for rows to be mended. */
function canJoin(first: Step, step: Step): boolean {
  return isAddition(first) && isAddition(step) && sameName(first.table, step.table);
}

function isAddition(step: Step): step is AddColumn | AddEnumValue {
  return step.kind === "addColumn" || step.kind === "addEnumValue";
}

function isInstantClause({ statement }: Rendered): boolean {
  return statement.clause !== undefined && statement.online?.algorithm === "INSTANT";
}
