/** The way out of a conflict by --skip and --unskip: one command, with all that has to be skipped or applied together. */
import { type Hint, withNote } from "../hint.ts";
import { plural } from "../plural.ts";
import { appliedTogether, skippedTogether } from "../plan/skip-with.ts";
import { type UpRequest, upCommand } from "../plan/up-command.ts";
import { withRequired } from "../plan/working-up.ts";
import { isRepeatable, kindOf } from "../state/repeatable-names.ts";
import type { Subject } from "./check.ts";
import { skipping } from "./skipping.ts";

type Refused = Pick<Subject, "plan" | "request">;

/** The `up` that leaves these migrations as they are, with all that needs them; none if one of them is applied. */
export function leavingAlone({ plan, request }: Refused, migrations: readonly string[]): Hint[] {
  if (request.skip !== undefined && request.skip.reason === undefined) return [];
  const asked = request.skip?.names ?? [];
  const names = skippedTogether(plan, [...new Set([...asked, ...migrations])]);
  if (names === undefined) return [];
  const command = skipping({ plan, request }, names);
  return [withNote(command, `skips ${countedNames(names)}`)];
}

/** The `up` that also applies these skipped migrations, because others need them; undefined if they cannot be applied. */
export function applyingToo({ plan, request }: Refused, skipped: readonly string[]): Hint | undefined {
  const names = skipped.length === 0 ? undefined : appliedTogether(plan, skipped);
  if (names === undefined) return undefined;
  const rest = withoutSkip(withRequired(plan, request), names);
  return rest === undefined
    ? undefined
    : withNote(upCommand(rest), `applies ${names.join(", ")}, too: other steps need what it creates`);
}

// --- internal ---

/** "2 migrations and 3 procedures" */
function countedNames(names: readonly string[]): string {
  const migrations = names.filter((name) => !isRepeatable(name)).length;
  const procedures = names.filter((name) => kindOf(name) === "procedures").length;
  return [
    ...(migrations === 0 ? [] : [plural(migrations, "migration")]),
    ...(procedures === 0 ? [] : [plural(procedures, "procedure")]),
  ].join(" and ");
}

/** One command can skip or stop skipping, not both: undefined if both are needed. */
function withoutSkip({ skip, ...rest }: UpRequest, names: readonly string[]): UpRequest | undefined {
  if (skip?.reason === undefined) return { ...rest, skip: { names: [...new Set([...(skip?.names ?? []), ...names])] } };
  const recorded = names.filter((name) => !skip.names.includes(name));
  const kept = skip.names.filter((name) => !names.includes(name));
  if (recorded.length === 0) return kept.length === 0 ? rest : { ...rest, skip: { names: kept, reason: skip.reason } };
  return kept.length === 0 ? { ...rest, skip: { names: recorded } } : undefined;
}
