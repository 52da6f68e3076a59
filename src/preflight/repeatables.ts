/** What would stop a repeatable half-way, asked before the first statement. */
import { formatAccount } from "../access/account.ts";
import { isAccount } from "../access/role.ts";
import { formatDifference } from "../catalog/difference.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, withNote, withOptions } from "../hint.ts";
import type { Plan } from "../plan/read-plan.ts";
import { type Change, type PlannedRepeatable, isRepeatableOwed } from "../repeatables/repeatable.ts";
import { skipCommand } from "../state/skips.ts";

/** Throws DRIFT for what was changed since it was made, unless it is to be repaired. */
export function assertNoRepeatableDrift({ repeatables, catalog }: Plan, retry: Hint<"up">): void {
  const drifted = repeatables.filter(({ state }) => state === "drift");
  if (drifted.length === 0) return;
  throw new MigrateError("DRIFT", "what was made was changed by somebody else", {
    where: catalog.database,
    found: drifted.flatMap(differencesOf),
    done: "nothing was changed",
    next: [
      withNote(withOptions(retry, { repair: true }), "makes it again as it was"),
      ...drifted.map(({ name }) => skipCommand([name], "leaves it as it is")),
    ],
  });
}

/** Throws MISSING_PRIVILEGE for a procedure that cannot be read. */
export function assertVisible({ repeatables, catalog }: Plan, retry: Hint<"up">, changes: readonly Change[]): void {
  const unseen = repeatables.flatMap(({ kind, live, state }) =>
    state === "hidden" && live.state === "hidden" && kind !== "grants" ? [live] : [],
  );
  const hidden = [...unseen, ...changes.flatMap(({ blocked }) => blocked ?? [])];
  if (hidden.length === 0) return;
  throw new MigrateError("MISSING_PRIVILEGE", "this account does not see what it would have to replace", {
    where: catalog.database,
    found: [...new Set(hidden.map(({ found: problem }) => problem))],
    done: "nothing was changed",
    next: [
      ...new Set(hidden.map(({ next }) => next)),
      withNote(retry, "afterwards, or without procedures:"),
      skipCommand(["procedures"]),
    ],
  });
}

/** Throws CONFLICT where procedures would belong to an account that does not exist: nobody could call them. */
export async function assertDefinerExists(db: Db, { context, catalog, repeatables }: Plan): Promise<void> {
  const { definer } = context.routines;
  if (definer === undefined || !repeatables.some(({ kind, live }) => kind === "procedures" && "change" in live)) return;
  if ((await isAccount(db, formatAccount(definer))) !== false) return;
  throw new MigrateError("CONFLICT", `there is no account ${definer}`, {
    where: catalog.database,
    wanted: "an account that exists: procedures run with the rights of their DEFINER",
    done: "nothing was changed",
    next: `CREATE USER ${formatAccount(definer)} …;   # or another --definer`,
  });
}

/** Throws CONFLICT for a procedure whose columns are not there. */
export function assertPossible({ repeatables, catalog }: Plan, done: string): void {
  const impossible = repeatables.filter(({ state }) => state === "impossible");
  if (impossible.length === 0) return;
  throw new MigrateError("CONFLICT", "procedures cannot be made as the schema is", {
    where: catalog.database,
    found: impossible.map(({ title, live }) => `${title} ${live.state === "impossible" ? live.found : ""}`),
    done,
    next: [
      "give the columns their names back, or",
      skipCommand(
        impossible.map(({ name }) => name),
        "leaves them out",
      ),
    ],
  });
}

/** What `up` would do about repeatables. */
export function owedChanges(repeatables: readonly PlannedRepeatable[], repair: boolean): Change[] {
  return repeatables
    .filter((each) => isRepeatableOwed(each, repair))
    .flatMap(({ live }) => ("change" in live ? [live.change] : []));
}

/** Privileges on the database that it takes, and those with which one would see more. */
export function privilegesFor(repeatables: readonly PlannedRepeatable[], changes: readonly Change[]): string[] {
  const hidden = repeatables.flatMap(({ live, state }) =>
    state === "hidden" && live.state === "hidden" ? (live.needs ?? []) : [],
  );
  return [...new Set([...changes.flatMap(({ needs }) => needs), ...hidden])];
}

export function differencesOf({ live }: PlannedRepeatable): string[] {
  return "differences" in live ? live.differences.map(formatDifference) : [];
}
