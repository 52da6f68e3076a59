import type { Db } from "../db/db.ts";
import { assertNoneForbidden } from "../plan/guards.ts";
import { absentSteps } from "../plan/plan.ts";
import { factsOfPlan } from "../plan/read-plan.ts";
import { guard } from "../steps/index.ts";
import type { Subject } from "./check.ts";

/** Throws ORPHANS or CONFLICT for rows that a pending step cannot accept. Only the rows can tell, so they are counted. */
export async function assertNoForbiddenRows(db: Db, { plan, retry }: Subject): Promise<void> {
  const facts = factsOfPlan(plan);
  for (const ref of absentSteps(plan.migrations)) {
    const counted = guard(ref.step, facts);
    if (counted !== undefined) await assertNoneForbidden(db, counted, { ref, done: "nothing was changed", retry });
  }
}
