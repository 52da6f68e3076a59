/**
 * Joins changes of one table into one statement, across migrations. New columns and enum values: one metadata lock instead
 * of one for each, and MySQL limits the number of instant changes of a table. Changes that rebuild the table, each by
 * itself: one rebuild. What needs no rebuild never joins one of those. The journal records each step by itself.
 */
import { sameName } from "../model.ts";
import type { Facts, Statement } from "../steps/contract.ts";
import { guard, inspect, project, render } from "../steps/index.ts";
import { mergeStatements } from "../steps/merge.ts";
import type { StepRef } from "../steps/step-ref.ts";
import type { Step } from "../steps/step.ts";
import { mayComeBefore } from "./may-come-before.ts";
import { liesAside, putBack } from "./set-aside.ts";

export interface Rendered<P extends StepRef = StepRef> {
  readonly ref: P;
  readonly statement: Statement;
}

/** An absent step of the plan: its own statement, and the facts that it was judged by. */
export interface Judged extends Rendered {
  readonly facts: Facts;
}

/** The statement of a step and of those that join it, or the step whose statement includes this one. */
export type Share = { readonly statement: Statement } | { readonly madeWith: StepRef };

/** The shares of these absent steps, which are in the order of the plan. */
export function joinSteps(steps: readonly Judged[]): ReadonlyMap<StepRef, Share> {
  const shares = new Map<StepRef, Share>();
  for (const [at, first] of steps.entries()) {
    if (shares.has(first.ref)) continue;
    const rest = steps.slice(at + 1).flatMap(({ ref }) => (shares.has(ref) ? [] : [ref]));
    const joined = renderOnTop(first, rest, first.facts, joins(rest));
    shares.set(first.ref, { statement: mergeStatements([first, ...joined].map((each) => each.statement)) });
    for (const { ref } of joined) shares.set(ref, { madeWith: first.ref });
  }
  return shares;
}

/** The steps that the plan makes with `first`. */
export function madeTogether<P extends StepRef & { readonly madeWith?: StepRef }>(
  { migration, number }: StepRef,
  rest: readonly P[],
): P[] {
  return rest.filter(({ madeWith }) => madeWith?.migration === migration && madeWith.number === number);
}

/** Steps that are made together, with their statements, by these facts. One that is there meanwhile is left out. */
export function renderTogether<P extends StepRef>(
  first: P,
  others: readonly StepRef[],
  facts: Facts,
): [Rendered<P>, ...Rendered[]] {
  const leader = { ref: first, statement: statementFor(first.step, facts) };
  return [leader, ...renderOnTop(leader, others, facts, () => true)];
}

// --- internal ---

/** The statement for an absent step. What a stopped `down` has set aside is restored, with its rows. */
export function statementFor(step: Step, facts: Facts): Statement {
  return liesAside(step, facts.catalog) ? putBack([step], facts) : render(step, facts);
}

type Admit = (next: Rendered, group: readonly [Rendered, ...Rendered[]]) => boolean;

/** Those of `refs` that are admitted to the group of `first`, each rendered on top of the one before. */
function renderOnTop(first: Rendered, refs: readonly StepRef[], facts: Facts, admit: Admit): Rendered[] {
  if (first.statement.clause === undefined || guard(first.ref.step, facts) !== undefined) return [];
  const joined: Rendered[] = [];
  let catalog = project(first.ref.step, facts);
  for (const ref of refs) {
    const then = { ...facts, catalog };
    const statement = clauseOf(ref.step, then, facts);
    if (statement === undefined || !admit({ ref, statement }, [first, ...joined])) continue;
    joined.push({ ref, statement });
    catalog = project(ref.step, then);
  }
  return joined;
}

/**
 * The statement of a step that is absent and part of an ALTER TABLE. A foreign key whose rows must be counted is none. On
 * columns that the same statement adds, there is nothing to count.
 */
function clauseOf(step: Step, then: Facts, before: Facts): Statement | undefined {
  if (inspect(step, then).state !== "absent" || guard(step, before) !== undefined) return undefined;
  const { guards, ...statement } = statementFor(step, then);
  if (statement.clause === undefined) return undefined;
  return guards === undefined || guard(step, then) !== undefined ? statement : { ...statement, guards };
}

function joins(rest: readonly StepRef[]): Admit {
  return (next, group) => {
    const [first] = group;
    if (!("table" in first.ref.step && "table" in next.ref.step)) return false;
    if (!sameName(first.ref.step.table, next.ref.step.table)) return false;
    if (isAddition(first) && isAddition(next)) return true;
    if (!group.some(rebuilds) || !rebuilds(next) || !haveOneClock([...group, next])) return false;
    const crossed = rest.slice(0, rest.indexOf(next.ref)).filter((ref) => !group.some((each) => each.ref === ref));
    return isAddition(next) || crossed.every(({ step }) => mayComeBefore(next.ref.step, step));
  };
}

/** New columns and values can move before all other steps; other changes may depend on what a step between them does. */
function isAddition({ ref: { step } }: Rendered): boolean {
  return step.kind === "addColumn" || step.kind === "addEnumValue";
}

function rebuilds({ statement }: Rendered): boolean {
  return statement.rebuilds === true;
}

/** False if a new column might get its values from the clock that a change of another column needs. */
function haveOneClock(group: readonly Rendered[]): boolean {
  const clauses = group.map(({ statement }) => statement.clause);
  const isAdding = clauses.some((clause) => clause?.verb === "ADD COLUMN");
  return !isAdding || clauses.every((clause) => clause?.clock === undefined);
}
