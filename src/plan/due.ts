import { isRepeatableDue } from "../repeatables/repeatable.ts";
import { isDue } from "./plan.ts";
import type { Plan } from "./read-plan.ts";
import { type UpRequest, plain } from "./up-command.ts";

/** Whether an `up` of this request would change or record anything. */
export function isAnythingDue({ migrations, repeatables }: Plan, { repair, skip }: UpRequest = plain): boolean {
  if (skip !== undefined) return true;
  return migrations.some((each) => isDue(each, repair)) || repeatables.some((each) => isRepeatableDue(each, repair));
}
