/** Statements that keep others waiting for so long that a person has to say yes. */
import { isBuild } from "../run/lock-limits.ts";
import type { Statement } from "../steps/contract.ts";
import type { Forecast } from "./forecast.ts";
import { LARGE } from "./predict.ts";
import { id } from "../sql.ts";

/** Seconds that others may be kept waiting without a question. */
export const BUDGET = 2;

/**
 * True if others wait until the statement ends, and that takes longer than the budget, or for an unknown time. Of a small
 * table it does not matter: see `countToLarge`. On a cluster every build keeps all writers waiting.
 */
export function isOverBudget(statement: Statement, { holds, seconds }: Forecast, cluster: boolean): boolean {
  if (seconds !== undefined && seconds <= BUDGET) return false;
  return cluster ? statement.online !== undefined && isBuild(statement) : holds.length > 0;
}

/** Counts rows of the table, but not more than make it a large one: the server's own estimate may be old. */
export function countToLarge(table: string): string {
  return `SELECT COUNT(*) AS n FROM (SELECT 1 FROM ${id(table)} LIMIT ${LARGE}) AS some`;
}
