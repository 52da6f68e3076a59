import type { PlannedStep } from "../../plan/plan.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { present } from "../../steps/index.ts";

/** What is said of a step that needs no statement of its own. */
export function presence({ already, step, verdict }: PlannedStep): string {
  if (!already) return "no change, because an earlier step already does it";
  return present(step, verdict.state === "present" ? verdict : undefined);
}

/** What else the statement of this step does, a line for each later step: "also add column T.c (MIGRATION step 1)". */
export function alsoLines({ migration, number }: PlannedStep, { migrations }: Plan): string[] {
  return migrations
    .flatMap(({ steps }) => steps)
    .filter(({ madeWith }) => madeWith?.migration === migration && madeWith.number === number)
    .map((step) => `also ${step.title} (${step.migration} step ${step.number})`);
}
