import { type Difference, formatDifference, formatObject, formatWanted } from "../catalog/difference.ts";
import { MigrateError } from "../errors.ts";
import { withOptions } from "../hint.ts";
import { sameName } from "../model.ts";
import { type PlannedMigration, type PlannedStep, isInConflict } from "../plan/plan.ts";
import { upCommand } from "../plan/up-command.ts";
import { withRequired } from "../plan/working-up.ts";
import type { Entry } from "../state/journal.ts";
import type { Subject } from "./check.ts";
import { adviceOn, isOpen, nextSteps, orElse, tableOf } from "./conflict-advice.ts";
import { createdBy, createdBySkipped } from "./created-by.ts";
import { applyingToo, leavingAlone } from "./skip-advice.ts";

/** Throws CONFLICT if something else has the name or place that a step needs. */
export function assertNoConflicts({ plan, request }: Subject): void {
  const conflicts = plan.migrations.filter(isInConflict).flatMap(({ entry, steps }) =>
    steps.flatMap((step) =>
      step.verdict.state === "conflict"
        ? step.verdict.conflicts.map((conflict) => ({
            conflict,
            step,
            recorded: isRecorded(entry) || isRecorded(step.entry),
          }))
        : [],
    ),
  );
  const [first] = conflicts;
  if (first === undefined) return;
  const all = conflicts.map(({ conflict }) => conflict);
  const created = createdBySkipped(plan.migrations);
  const own = conflicts.filter(({ conflict, step }) => {
    const lacking = lackingOf(conflict.difference);
    return !created.has(lacking) && !isCreatedByAnother(lacking, step, plan.migrations);
  });
  const open = own.filter(({ conflict }) => isOpen(conflict)).map(({ conflict }) => conflict.difference);
  const needed = [...new Set(all.flatMap(({ difference }) => created.get(lackingOf(difference)) ?? []))];
  const applying = applyingToo({ plan, request }, needed);
  const skips = leavingAlone(
    { plan, request },
    conflicts.map(({ step }) => step.migration),
  );
  const retry = withOptions(
    applying ?? upCommand(withRequired(plan, request)),
    // What this tool created and something else took the place of is created again.
    conflicts.some(({ conflict, recorded }) => recorded && conflict.difference.aspect === "kind")
      ? { repair: true }
      : {},
  );
  throw new MigrateError("CONFLICT", headline(first.step, first.conflict.difference), {
    where: `${plan.catalog.database}.${first.conflict.difference.object}`,
    found: [...new Set(all.map(({ difference }) => formatDifference(difference)))],
    ...(open.length === 0 ? {} : { wanted: [...new Set(open.map(formatWanted))] }),
    done: "nothing was changed",
    next:
      own.length > 0
        ? nextSteps(adviceOn(own, plan.catalog), retry, skips)
        : applying === undefined
          ? skips
          : [applying, ...skips.map(orElse)],
  });
}

// --- internal ---

function headline({ migration, number, step }: PlannedStep, difference: Difference): string {
  const name = `step ${number} of ${migration}`;
  return step.kind === "createTable" && sameName(tableOf(difference), step.table) && difference.part !== "foreign key"
    ? `${name}: table ${step.table} already exists in another form`
    : `${name} is not possible: ${formatDifference(difference)}`;
}

/** Whether this tool has done or adopted it, or has begun to. */
function isRecorded(entry: Entry | undefined): boolean {
  return entry !== undefined && entry.state !== "skipped" && entry.state !== "not done";
}

/** Whether another step will create it: a conflict that ends with that step needs no statement of its own. */
function isCreatedByAnother(
  lacking: string | undefined,
  step: PlannedStep,
  migrations: readonly PlannedMigration[],
): boolean {
  return migrations
    .flatMap(({ steps }) => steps)
    .some(
      (other) =>
        other !== step &&
        other.verdict.state !== "present" &&
        createdBy(other.step).some((object) => object === lacking),
    );
}

/** The missing object that a conflict is about: "table ProcessingJob"; a foreign key by its meaning, not by its name. */
function lackingOf(difference: Difference): string | undefined {
  const { aspect, expected = "", found: actual, part } = difference;
  if (aspect === "parent" || aspect === "parent column") return expected;
  if (aspect !== "existence" || actual !== undefined) return undefined;
  return part === "foreign key" ? `${tableOf(difference)} ${expected.split(" ON ", 1)[0]}` : formatObject(difference);
}
