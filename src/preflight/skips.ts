/** What is left as it is on purpose: the journal has the reason, and `status` and `verify` keep showing it. */
import { MigrateError } from "../errors.ts";
import type { Survey } from "../plan/read-plan.ts";
import { type Entry, entryOf } from "../state/journal.ts";
import { repeatKinds } from "../state/repeatable-names.ts";
import { type Skip, isSkipped } from "../state/skips.ts";

/** Throws USAGE where there is no such name, or it is applied already; or, without a reason, where it is not skipped. */
export function refuseSkip(found: Survey, recorded: readonly Entry[], { names, reason }: Skip): void {
  for (const name of names) refuseName(found, entryOf(recorded, name, 0), name, reason !== undefined);
}

function refuseName(found: Survey, entry: Entry | undefined, name: string, isSkipping: boolean): void {
  const known = [
    ...found.migrations.map(({ migration }) => migration.name),
    ...found.repeatables.map((each) => each.name),
    ...repeatKinds,
  ];
  const done = "nothing was changed";
  if (!known.includes(name)) {
    throw new MigrateError("USAGE", `nothing is named ${name}`, {
      wanted: known.filter((each) => each.includes(name)),
      done,
      next: "ispyb-migrate status   # lists the names",
    });
  }
  if (!isSkipping && (entry === undefined || !isSkipped(entry))) {
    throw new MigrateError("USAGE", `${name} is not skipped`, { done, next: "ispyb-migrate status   # says what is" });
  }
  if (isSkipping && entry !== undefined && !isSkipped(entry)) {
    throw new MigrateError("USAGE", `${name} is applied already, and cannot be skipped any more`, {
      found: `${entry.state} ${entry.finishedAt ?? ""}`.trim(),
      done,
      next: `ispyb-migrate down --to ${name}   # takes it back, with all that came after it`,
    });
  }
}
