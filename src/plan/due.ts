import { powerlessNow } from "../repeatables/definers.ts";
import { type Hidden, isRepeatableDue } from "../repeatables/repeatable.ts";
import { isDue } from "./plan.ts";
import type { Plan } from "./read-plan.ts";
import { type UpRequest, plainUp } from "./up-command.ts";

/** Whether an `up` of this request would change or record anything. */
export function isAnythingDue(plan: Plan, { repair, skip }: UpRequest = plainUp): boolean {
  if (skip !== undefined || unseenRoles(plan).length > 0) return true;
  const { migrations, repeatables } = plan;
  return migrations.some((each) => isDue(each, repair)) || repeatables.some((each) => isRepeatableDue(each, repair));
}
/**
 * Whether nothing is pending and nothing needs attention. Objects that this account cannot see count neither as pending
 * nor as drift, except roles that --create-roles asks for.
 */
export function isUpToDate(plan: Plan): boolean {
  const { migrations, missing, repeatables } = plan;
  if (unseenRoles(plan).length > 0 || powerlessNow(repeatables).length > 0) return false;
  const settled = new Set<string>(["applied", "skipped", "hidden"]);
  return missing.length === 0 && [...migrations, ...repeatables].every(({ state }) => settled.has(state));
}

/** The roles that --create-roles asks for, where this account cannot see whether they exist. */
export function unseenRoles({ context, repeatables }: Plan): Hidden[] {
  if (!context.createRoles) return [];
  return repeatables.flatMap(({ kind, live, state }) =>
    kind === "grants" && state === "hidden" && live.state === "hidden" ? [live] : [],
  );
}
