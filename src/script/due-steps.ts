/** The pending steps of a plan, each with its own statement, facts and schema parts. */
import { type Catalog, findTable } from "../model.ts";
import { type PlannedStep, isDue } from "../plan/plan.ts";
import { isWithoutWitness } from "../plan/unknown.ts";
import { type Plan, factsOfPlan } from "../plan/read-plan.ts";
import type { Facts, Statement } from "../steps/contract.ts";
import { inspect, project, render, tablesOf } from "../steps/index.ts";
import { type Parts, type SchemaPart, partsBetween, samePart } from "./schema-parts.ts";

export interface DueStep extends PlannedStep {
  /** Number of the step within the script, from 1. */
  readonly position: number;
  /** Facts that the step was judged by: the catalog after the steps before it. */
  readonly facts: Facts;
  /** The statement of this step alone, if the step is absent. It may be part of another step's statement. */
  readonly own?: Statement;
  readonly parts: Parts;
  /** State of the step in the catalog as it is now, before any other step. */
  readonly now: "absent" | "present" | "unknown";
}

/** Every step of the pending migrations, in order; with `repair`, of those that drifted, too. */
export function dueSteps(plan: Plan, repair = false): DueStep[] {
  const all = plan.migrations.flatMap((each) =>
    each.steps.map((step) => ({ step, pending: isDue(each, repair), skipped: each.reason !== undefined })),
  );
  const live = factsOfPlan(plan);
  let { catalog } = live;
  let position = 0;
  return all.flatMap(({ step, pending, skipped }, at): DueStep[] => {
    const facts = { ...live, catalog, later: all.slice(at + 1).map((each) => each.step.step) };
    const isAbsent = step.verdict.state === "absent";
    const after = isAbsent && !skipped ? project(step.step, facts) : catalog;
    const parts = partsBetween(catalog, after);
    catalog = after;
    if (!pending) return [];
    position++;
    const own = isAbsent ? { own: render(step.step, facts) } : {};
    return [{ ...step, ...own, position, facts, parts, now: stateNow(step, { ...facts, catalog: live.catalog }) }];
  });
}

/** A probe of rows fails while its table is still to be created; a probe of a table never fails. */
function stateNow({ step, verdict }: PlannedStep, facts: Facts): DueStep["now"] {
  if (isWithoutWitness(step)) return "unknown";
  const { state } = inspect(step, facts);
  if (verdict.state === "absent" && (state === "absent" || step.kind === "createTable")) return "absent";
  return verdict.state === "present" && state === "present" ? "present" : "unknown";
}

/** The existing tables that these steps touch, with the spelling of the server. */
export function touchedTables(steps: readonly DueStep[], catalog: Catalog): string[] {
  const made = new Set(
    steps.flatMap(({ parts }) => parts.made.filter(({ kind }) => kind === "table")).map(({ name }) => name),
  );
  // The effect of SQL from a migration is unknown before it has run.
  const opaque = new Set(
    steps.flatMap(({ step }) =>
      (step.kind === "runSql" || step.kind === "sqlStatement") && step.table !== undefined ? [step.table] : [],
    ),
  );
  const names = steps.flatMap(({ step }) => tablesOf(step)).filter((name) => !made.has(name) && !opaque.has(name));
  return [...new Set(names.map((name) => findTable(catalog, name)?.name ?? name))];
}

/** The parts of these tables that the steps create or change. They differ when the script runs a second time. */
export function ownParts(steps: readonly DueStep[], tables: readonly string[]): SchemaPart[] {
  const own: SchemaPart[] = [];
  for (const part of steps.flatMap(({ parts }) => [...parts.made, ...parts.changed])) {
    if (tables.includes(part.table) && !own.some((each) => samePart(each, part))) own.push(part);
  }
  return own;
}
