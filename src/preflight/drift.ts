/** What the journal records as applied and the schema no longer has: only a person can say which one is right. */
import { formatDifference } from "../catalog/difference.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, hint, withNote } from "../hint.ts";
import { isDrifted } from "../plan/plan.ts";
import { upCommand } from "../plan/up-command.ts";
import { withRequired } from "../plan/working-up.ts";
import { differencesOf } from "../repeatables/repeatable.ts";
import { missing } from "../steps/index.ts";
import type { Subject } from "./check.ts";
import { skipping } from "./skipping.ts";

/** Throws DRIFT if objects of applied migrations are missing or changed, unless they are to be repaired. */
export function assertNoDrift({ plan, request }: Subject): void {
  const drifted = request.repair ? [] : plan.migrations.filter(isDrifted);
  if (drifted.length === 0) return;
  throw new MigrateError("DRIFT", "objects of applied migrations are missing or changed", {
    where: plan.catalog.database,
    found: drifted.flatMap(({ migration, steps }) =>
      steps.flatMap(({ step, verdict }) => {
        if (verdict.state === "absent") return missing(step, verdict).map((what) => `${migration.name}: ${what}`);
        if (verdict.state === "present") return [];
        return verdict.conflicts.map(({ difference }) => `${migration.name}: ${formatDifference(difference)}`);
      }),
    ),
    done: "nothing was changed",
    next: [
      repairing({ plan, request }, "creates again what is missing, and changes back what is different"),
      hint("verify", { note: "or: prints statements for tables and columns, to run by hand" }),
    ],
  });
}

/** Throws DRIFT if a procedure, a row or a privilege was modified since it was created, unless it is to be repaired. */
export function assertNoRepeatableDrift({ plan, request }: Subject): void {
  const drifted = request.repair ? [] : plan.repeatables.filter(({ state }) => state === "drift");
  if (drifted.length === 0) return;
  throw new MigrateError("DRIFT", "objects that this tool created were changed or dropped afterwards", {
    where: plan.catalog.database,
    found: drifted.flatMap(differencesOf),
    done: "nothing was changed",
    next: [
      repairing({ plan, request }, "puts them back as this tool made them"),
      withNote(
        skipping(
          { plan, request },
          drifted.map(({ name }) => name),
        ),
        "or: skips them",
      ),
    ],
  });
}

// --- internal ---

/** The `up` that repairs; if a migration is late, it would be refused without --allow-late. */
function repairing({ plan, request }: Pick<Subject, "plan" | "request">, what: string): Hint {
  const working = withRequired(plan, request);
  const late = working.allowLate && !request.allowLate ? ", and applies the late migrations" : "";
  return withNote(upCommand(working), `${what}${late}`);
}
