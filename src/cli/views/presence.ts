import type { PlannedStep } from "../../plan/plan.ts";
import { present } from "../../steps/index.ts";

/** What is said of a step that needs no statement of its own. */
export function presence({ already, step, verdict }: PlannedStep): string {
  if (!already) return "no change, because an earlier step already does it";
  return present(step, verdict.state === "present" ? verdict.notices : []);
}
