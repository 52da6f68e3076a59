import { MigrateError } from "../errors.ts";
import type { Plan } from "../plan/read-plan.ts";

/** Throws HISTORY_CHANGED if an applied migration was edited, renamed or removed. */
export function assertUnchangedHistory(plan: Plan): void {
  const edited = plan.migrations
    .filter((each) => each.state === "edited")
    .map((each) => `${each.migration.name}: edited since it was applied`);
  const missing = plan.missing.map(({ name, renamedTo }) =>
    renamedTo === undefined
      ? `${name}: recorded, but its file is missing`
      : `${name}: recorded, but its file is now called ${renamedTo}`,
  );
  if (edited.length + missing.length === 0) return;
  throw new MigrateError("HISTORY_CHANGED", "the migrations on disk are not the ones that were applied", {
    where: plan.catalog.database,
    found: [...edited, ...missing],
    done: "nothing was changed",
    next: [
      ...plan.missing.flatMap(({ name, renamedTo }) =>
        renamedTo === undefined ? [] : [`rename ${renamedTo} back to ${name}`],
      ),
      "restore the files as they were when they were applied",
      "or use the version of this tool that applied them",
      "a later change belongs in a new migration",
    ],
  });
}
