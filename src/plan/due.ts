import { isRepeatableDue } from "../repeatables/repeatable.ts";
import { isDue } from "./plan.ts";
import type { Plan } from "./read-plan.ts";
import { type UpRequest, plainUp } from "./up-command.ts";

/** Whether an `up` of this request would change or record anything. */
export function isAnythingDue({ migrations, repeatables }: Plan, { repair, skip }: UpRequest = plainUp): boolean {
  if (skip !== undefined) return true;
  return migrations.some((each) => isDue(each, repair)) || repeatables.some((each) => isRepeatableDue(each, repair));
}
/**
 * Whether nothing is pending and nothing needs attention. Objects that this account cannot see count neither as pending
 * nor as drift.
 */
export function isUpToDate({ migrations, missing, repeatables }: Plan): boolean {
  const settled = new Set<string>(["applied", "skipped", "hidden"]);
  return missing.length === 0 && [...migrations, ...repeatables].every(({ state }) => settled.has(state));
}
