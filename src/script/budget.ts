/** A script without --allow-stall stops before its first change where a step would keep others waiting for long. */
import type { Forecast } from "../plan/forecast.ts";
import { BUDGET, countToLarge, isOverBudget } from "../plan/over-budget.ts";
import type { Plan } from "../plan/read-plan.ts";
import { LARGE } from "../plan/predict.ts";
import { comment } from "../script-forms.ts";
import { probe } from "../steps/index.ts";
import type { Statement } from "../steps/contract.ts";
import type { DueStep } from "./due-steps.ts";
import { stopUnless } from "./syntax.ts";

/** Rows are counted when the script runs, and only of tables whose step is still to be done. */
export function budgetChecks({ server }: Plan, steps: readonly DueStep[]): string[] {
  return steps.flatMap((step) => {
    const { forecast, position, statement, title } = step;
    if (statement === undefined || forecast?.reads === undefined) return [];
    if (!isLong(statement, forecast, server.cluster)) return [];
    const isSmall = `(${countToLarge(forecast.reads.table)}) < ${LARGE}`;
    return [
      comment(`Check step ${position}, which keeps others waiting, and plan --sql had no --allow-stall: ${title}`),
      stopUnless(`${isSmall} OR (${probe(step.step, step.facts)}) <> 0`, `step ${position} needs plan --allow-stall`),
    ];
  });
}

// --- internal ---

/** A fill of a script is one transaction: other sessions wait for its rows until it ends. */
function isLong(statement: Statement, forecast: Forecast, cluster: boolean): boolean {
  const { seconds } = forecast;
  if (statement.fill !== undefined) return seconds === undefined || seconds > BUDGET;
  return isOverBudget(statement, forecast, cluster);
}
