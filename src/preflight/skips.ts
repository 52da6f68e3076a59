import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import type { Plan } from "../plan/read-plan.ts";
import { type Entry, wholeEntry } from "../state/journal.ts";
import { repeatableKinds } from "../state/repeatable-names.ts";
import { isSkipped, reasonOf } from "../state/skips.ts";
import type { Subject } from "./check.ts";

/** Throws USAGE for an unknown name, for one that is already applied, and, to unskip, for one that is not skipped. */
export function assertSkip({ plan, request: { skip } }: Pick<Subject, "plan" | "request">): void {
  for (const name of skip?.names ?? [])
    assertSkippable(plan, wholeEntry(plan.context.recorded, name), name, skip?.reason !== undefined);
}

// --- internal ---

function assertSkippable(plan: Plan, entry: Entry | undefined, name: string, isSkipping: boolean): void {
  const known = [
    ...plan.migrations.map(({ migration }) => migration.name),
    ...plan.repeatables.map((each) => each.name),
    ...repeatableKinds,
  ];
  const done = "nothing was changed";
  if (!known.includes(name)) {
    const like = known.filter((each) => each.includes(name));
    throw new MigrateError("USAGE", `unknown name ${name}`, {
      wanted: like.length === 0 ? namesByKind(plan) : like,
      done,
      next: hint("status", { note: "lists the migrations" }),
    });
  }
  if (!isSkipping && (entry === undefined || !isSkipped(entry))) {
    const parts = plan.context.recorded
      .filter((each) => isSkipped(each) && each.migration.startsWith(`${name}/`))
      .map(({ migration }) => migration);
    const kind = reasonOf(plan.context.recorded, name);
    if (kind !== undefined)
      throw new MigrateError("USAGE", `${name} is not skipped by itself`, {
        found: `all ${kind.by} are skipped, because: ${kind.text}`,
        done,
        next: hint("up", { options: { unskip: kind.by } }),
      });
    throw new MigrateError("USAGE", `${name} is not skipped${parts.length === 0 ? "" : " as a whole"}`, {
      ...(parts.length === 0 ? {} : { found: `skipped by their names: ${parts.join(", ")}` }),
      done,
      next:
        parts.length === 0
          ? hint("status", { note: "shows what is skipped" })
          : hint("up", { options: { unskip: parts.join(",") } }),
    });
  }
  if (isSkipping && entry !== undefined && !isSkipped(entry)) {
    throw new MigrateError("USAGE", `${name} is already applied and cannot be skipped`, {
      found: `applied ${entry.finishedAt ?? ""} UTC`,
      done,
      next: hint("down", { options: { to: name }, note: "undoes it, and everything after it" }),
    });
  }
}

/** Every name, one line for each kind. */
function namesByKind({ migrations, repeatables }: Plan): string[] {
  const kinds = repeatableKinds.flatMap((kind) => {
    const own = repeatables.filter((each) => each.kind === kind).map(({ name }) => name);
    return own.length === 0 ? [] : [`${kind}, or one of them: ${own.join(", ")}`];
  });
  return [`a migration: ${migrations.map(({ migration }) => migration.name).join(", ")}`, ...kinds];
}
