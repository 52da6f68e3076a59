/** What `verify` says beside the differences: what may stay, and what is skipped. */
import { type Difference, formatDifference } from "../catalog/difference.ts";
import { type Hint, type Next, withNote } from "../hint.ts";
import type { Plan } from "../plan/read-plan.ts";
import { appliedTogether } from "../plan/skip-with.ts";
import { plainUp } from "../plan/up-command.ts";
import { workingUp } from "../plan/working-up.ts";
import { planRepeatable } from "../repeatables/repeatable.ts";
import { isRepeatable } from "../state/repeatable-names.ts";
import { isSkipped, reasonOf } from "../state/skips.ts";
import type { Facts } from "../steps/contract.ts";
import { shownAgain } from "../steps/shown-again.ts";

/** A sentence about what may stay. */
export interface Notice {
  readonly what: string;
  /** True for a difference that `up` leaves as it is: clients work with this form, too. */
  readonly allowed?: true;
  /** The command or the statement that ends the matter. */
  readonly hint?: Next;
}

/** Each once: several steps may be about one column. */
export function noticesOf(differences: readonly Difference[], facts: Facts): Notice[] {
  const notices = differences.map((difference): Notice => {
    const what = formatDifference(difference);
    const again = shownAgain(difference, facts);
    const ending = again === undefined ? {} : { hint: again };
    return difference.aspect === "left over" ? { what } : { what, allowed: true, ...ending };
  });
  return [...new Map(notices.map((notice) => [notice.what, notice])).values()];
}

/** "skipped: NAME, because …", once for each skip, with the command that applies it after all. */
export function skippedNotices(plan: Plan): Notice[] {
  const { entries } = plan.context;
  // A whole kind may be skipped before there is anything of it.
  return entries.filter(isSkipped).map(({ migration: by }) => {
    const count = [...plan.migrations, ...plan.repeatables].filter(({ reason }) => reason?.by === by).length;
    const what = `skipped: ${by}${count > 1 ? ` (${count})` : ""}, because: ${reasonOf(entries, by)?.text ?? ""}`;
    const working = unskipping(plan, by);
    return working === undefined ? { what } : { what, hint: withNote(working, "applies it") };
  });
}

/** The `up` that ends this skip; undefined if it would be refused until a person has changed something. */
function unskipping(plan: Plan, by: string): Hint | undefined {
  const repeatables = plan.repeatables.map((each) =>
    each.reason?.by === by ? planRepeatable(each, each.entry) : each,
  );
  const names = isRepeatable(by) ? [by] : appliedTogether(plan, [by]);
  return names === undefined ? undefined : workingUp({ ...plan, repeatables }, { ...plainUp, skip: { names } });
}
