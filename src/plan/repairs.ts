/** What `--repair` adds to an object of an applied step, where adding is enough. */
import { formatObject } from "../catalog/difference.ts";
import type { Conflict, Statement } from "../steps/contract.ts";
import type { Forecast } from "./forecast.ts";

export interface Repair {
  /** "column ProcessingJob.recipe" */
  readonly object: string;
  readonly add: Statement;
}

export interface PlannedRepair extends Repair {
  readonly forecast: Forecast;
}

/** What is missing, with the statements that add it; undefined if adding is not enough. */
export function repairsOf(conflicts: readonly Conflict[]): Repair[] | undefined {
  const parts = conflicts.flatMap(({ add, difference }) =>
    add === undefined ? [] : [{ object: formatObject(difference), add }],
  );
  return parts.length === conflicts.length ? parts : undefined;
}
