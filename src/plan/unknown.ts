/**
 * Statements of .sql files that were cut off: sent, and no outcome recorded. Where no probe can tell, a person has to look, and
 * `accept` or `forget` writes down what was seen.
 */
import type { Entry } from "../state/journal.ts";
import type { Step } from "../steps/step.ts";
import type { PlannedMigration, PlannedStep } from "./plan.ts";
import type { Plan } from "./read-plan.ts";

/** A step with an intent and no witness. */
export interface UnknownStep extends PlannedStep {
  readonly entry: Entry;
}

export function unknownSteps(migrations: readonly PlannedMigration[]): UnknownStep[] {
  return migrations.flatMap(({ steps }) => steps).filter(isUnknown);
}

/** The same, as far as no run is at work: an intent of a run that holds the lease is what it does now. */
export function unknownIn({ lease, migrations }: Pick<Plan, "lease" | "migrations">): UnknownStep[] {
  return lease?.expired === false ? [] : unknownSteps(migrations);
}

/** Whether only the journal knows what came of this step. */
export function isWithoutWitness(step: Step): boolean {
  return step.kind === "sqlStatement" && step.probe === undefined;
}

// --- internal ---

function isUnknown(step: PlannedStep): step is UnknownStep {
  return step.entry?.state === "intended" && isWithoutWitness(step.step);
}
