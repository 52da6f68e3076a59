import { MigrateError } from "../errors.ts";
import { hint, withNote } from "../hint.ts";
import { upCommand } from "../plan/up-command.ts";
import type { Subject } from "./check.ts";

/** Throws LATE_MIGRATION: the order of application would no longer be the order of the names. */
export function assertNoneLate({ plan, request }: Subject): void {
  // Names given to --skip or --unskip were chosen on purpose.
  const chosen = request.skip?.names ?? [];
  const late = plan.migrations
    .filter((each) => each.late && !chosen.includes(each.migration.name))
    .map(({ migration }) => migration.name);
  if (late.length === 0) return;
  throw new MigrateError("LATE_MIGRATION", "pending migrations sort before migrations that are already applied", {
    where: plan.catalog.database,
    found: late,
    wanted: "names that sort after every applied migration",
    done: "nothing was changed",
    next: [
      hint("plan", { note: "shows what they would do" }),
      withNote(
        upCommand({ ...request, allowLate: true }),
        "if they came with a newer version of this tool, or if you accepted an edited file that has a new step",
      ),
      "if they are new files of yours: rename them to a later date",
    ],
  });
}
