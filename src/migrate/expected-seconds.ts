import { readSizes } from "../catalog/sizes.ts";
import { secondsOf } from "../plan/forecast.ts";
import type { PlannedStep } from "../plan/plan.ts";
import type { Run } from "../run/run.ts";
import type { Statement } from "../steps/contract.ts";

/**
 * Seconds that the statement will work. That is the plan's forecast if the planned statement reads the same table. A
 * new forecast is made if the schema was changed since, or if the statement repairs a conflict.
 */
export async function expectedSeconds(run: Run, planned: PlannedStep, statement: Statement): Promise<number> {
  const { reads } = statement;
  if (reads === undefined) return 0;
  if (reads === planned.statement?.reads && planned.forecast !== undefined) return planned.forecast.seconds;
  return secondsOf(statement, run.server, await readSizes(run.main, [reads]));
}
