/** What a step would create, as a difference calls it that lacks it. */
import { describeParent } from "../catalog/describe.ts";
import type { PlannedMigration } from "../plan/plan.ts";
import { foreignKeySteps } from "../steps/index.ts";
import type { Step } from "../steps/step.ts";

/** "column ProcessingJob.recipe", "table ProcessingJob"; a foreign key by its meaning, not by its name. */
export function createdBy(step: Step): string[] {
  const keys = foreignKeySteps(step).map(({ foreignKey, table }) => {
    return `${table} (${foreignKey.columns.join(", ")}) → ${describeParent(foreignKey)}`;
  });
  if (step.kind === "addColumn") return [`column ${step.table}.${step.column.name}`];
  return step.kind === "createTable" ? [`table ${step.table}`, ...keys] : keys;
}

/** The skipped migration by each object that it would create: "column ProcessingJob.recipe". */
export function createdBySkipped(migrations: readonly PlannedMigration[]): ReadonlyMap<string | undefined, string> {
  const skipped = migrations.filter(({ state }) => state === "skipped").flatMap(({ steps }) => steps);
  return new Map(
    skipped.flatMap(({ migration, step }) => createdBy(step).map((object) => [object, migration] as const)),
  );
}
