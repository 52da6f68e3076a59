/** The migrations that a `down` is asked to undo. */
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { plural } from "../plural.ts";
import { type Migration, positionOf } from "./load-migrations.ts";
import type { PlannedMigration } from "./plan.ts";

/** `to` is undone as well, as in umzug. */
export type Until = { readonly to: string } | { readonly last: number };

/** Those of `recorded`, in their order. Throws USAGE for a name that is no migration, and for a number that is too high. */
export function downTargets(
  recorded: readonly PlannedMigration[],
  migrations: readonly Migration[],
  until: Until,
): readonly PlannedMigration[] {
  if ("to" in until) {
    const from = positionOf(migrations, until.to);
    const named = recorded.findIndex(({ migration }) => migration.name === until.to);
    const at =
      named >= 0 ? named : recorded.findIndex(({ migration }) => positionOf(migrations, migration.name) >= from);
    return at < 0 ? [] : recorded.slice(at);
  }
  if (until.last <= recorded.length) return recorded.slice(-until.last);
  if (recorded.length === 0) {
    throw new MigrateError("USAGE", "no migration is recorded in this database: there is nothing to undo", {
      done: "nothing was changed",
      next: hint("status", { note: "shows what exists" }),
    });
  }
  throw new MigrateError(
    "USAGE",
    `--last ${until.last} is too many: ${plural(recorded.length, "migration")} ${recorded.length === 1 ? "is" : "are"} recorded`,
    {
      done: "nothing was changed",
      next: hint("status", { note: "lists them" }),
    },
  );
}

/** Done or adopted, at least in part. There is nothing to undo in a skip, or where no step was done. */
export function isUndoable({ entry, steps }: PlannedMigration): boolean {
  const entries = [entry, ...steps.map((step) => step.entry)];
  return entries.some((each) => each !== undefined && each.state !== "skipped" && each.state !== "not done");
}
