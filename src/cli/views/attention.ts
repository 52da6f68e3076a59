/** What keeps `up` from working, in numbers. */
import { isInConflict, isDrifted } from "../../plan/plan.ts";
import type { Plan } from "../../plan/read-plan.ts";
import { unknownIn } from "../../plan/unknown.ts";
import { plural } from "../../plural.ts";
import { formatPowerless, powerlessNow } from "../../repeatables/definers.ts";
import { repeatablesIn } from "./repeatables.ts";

/** "1 migration in conflict, 3 procedures need a missing column": `up` refuses these with every option. */
export function blockedIn(plan: Plan): string {
  const { migrations, missing } = plan;
  const conflicts = migrations.filter(isInConflict).length;
  const edited = migrations.filter(({ state }) => state === "edited").length;
  const unfit = repeatablesIn(plan, "impossible");
  const unknown = unknownIn(plan).length;
  return [
    ...(conflicts === 0 ? [] : [`${plural(conflicts, "migration")} in conflict`]),
    ...(edited === 0 ? [] : [`${plural(edited, "migration")} edited after being applied`]),
    ...(missing.length === 0 ? [] : [`${plural(missing.length, "applied migration")} without a file`]),
    ...(unknown === 0
      ? []
      : [
          `${plural(unknown, "statement")} cut off, and nothing shows whether ${unknown === 1 ? "it" : "they"} took effect`,
        ]),
    ...(unfit === "" ? [] : [`${unfit} ${unfit.startsWith("1 ") ? "needs" : "need"} a missing column`]),
  ].join(", ");
}

/** "1 migration, 2 procedures": `up` refuses these, and --repair creates them again. */
export function driftedIn(plan: Plan): string {
  const migrations = plan.migrations.filter(isDrifted).length;
  const more = repeatablesIn(plan, "drift");
  return [...(migrations === 0 ? [] : [plural(migrations, "migration")]), ...(more === "" ? [] : [more])].join(", ");
}

/** "keeper@% lacks EXECUTE on 21 procedures": calls of them fail. */
export function powerlessIn({ repeatables }: Plan): string {
  return powerlessNow(repeatables).map(formatPowerless).join(", ");
}

/** ", as far as this account can see" if it cannot see everything. */
export function asFarAsSeen(notVisible: readonly unknown[]): string {
  return notVisible.length === 0 ? "" : ", as far as this account can see";
}
