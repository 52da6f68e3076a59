/** The owed steps of a plan as a script needs them: each with its own statement, facts and parts. */
import { type Catalog, findTable } from "../model.ts";
import { type PlannedStep, isPending } from "../plan/plan.ts";
import { type Plan, factsOfPlan } from "../plan/read-plan.ts";
import type { Facts, Statement } from "../steps/contract.ts";
import { inspect, project, render, tablesOf } from "../steps/index.ts";
import { type Parts, type SchemaPart, partsBetween, samePart } from "./schema-parts.ts";

export interface DueStep extends PlannedStep {
  /** Counted from 1 through the whole script. */
  readonly position: number;
  /** By which it was judged: the catalog as the steps before it will have left it. */
  readonly facts: Facts;
  /** Where it is absent: what it alone would send, whether or not another statement makes it too. */
  readonly own?: Statement;
  readonly parts: Parts;
  /** What the catalog as it is now says of it, before any other step. */
  readonly now: "absent" | "present" | "not to be told yet";
}

/** Every step of the owed migrations, in order. */
export function dueSteps(plan: Plan): DueStep[] {
  const all = plan.migrations.flatMap((each) => each.steps.map((step) => ({ step, owed: isPending(each) })));
  const live = factsOfPlan(plan);
  let { catalog } = live;
  let position = 0;
  return all.flatMap(({ step, owed }, at): DueStep[] => {
    const facts = { ...live, catalog, later: all.slice(at + 1).map((each) => each.step.step) };
    const isAbsent = step.verdict.state === "absent";
    const after = isAbsent ? project(step.step, facts) : catalog;
    const parts = partsBetween(catalog, after);
    catalog = after;
    if (!owed) return [];
    position++;
    const own = isAbsent ? { own: render(step.step, facts) } : {};
    return [{ ...step, ...own, position, facts, parts, now: stateNow(step, { ...facts, catalog: live.catalog }) }];
  });
}

/** Asked of rows, the question about what is still to be made is an error and no answer; a table is only looked up. */
function stateNow({ step, verdict }: PlannedStep, facts: Facts): DueStep["now"] {
  const { state } = inspect(step, facts);
  if (verdict.state === "absent" && (state === "absent" || step.kind === "createTable")) return "absent";
  return verdict.state === "present" && state === "present" ? "present" : "not to be told yet";
}

/** The tables that these steps touch and do not make, by the names that the server gives them. */
export function touchedTables(steps: readonly DueStep[], catalog: Catalog): string[] {
  const made = new Set(
    steps.flatMap(({ parts }) => parts.made.filter(({ kind }) => kind === "table")).map(({ name }) => name),
  );
  // What a statement of somebody else's does is not known before it was done.
  const opaque = new Set(steps.flatMap(({ step }) => (step.kind === "runSql" ? [step.table] : [])));
  const names = steps.flatMap(({ step }) => tablesOf(step)).filter((name) => !made.has(name) && !opaque.has(name));
  return [...new Set(names.map((name) => findTable(catalog, name)?.name ?? name))];
}

/** What the steps make or change of these tables, which is another when the script runs once more. */
export function ownParts(steps: readonly DueStep[], tables: readonly string[]): SchemaPart[] {
  const own: SchemaPart[] = [];
  for (const part of steps.flatMap(({ parts }) => [...parts.made, ...parts.changed])) {
    if (tables.includes(part.table) && !own.some((each) => samePart(each, part))) own.push(part);
  }
  return own;
}
