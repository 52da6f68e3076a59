export type DifferencePart =
  | "table"
  | "column"
  | "index"
  | "foreign key"
  | "check"
  | "row"
  | "view"
  | "trigger"
  | "procedure"
  | "role";

export interface Difference {
  readonly part: DifferencePart;
  /** `ProcessingJob` or `ProcessingJob.recipe`. */
  readonly object: string;
  /** `existence`, or the property that differs. */
  readonly aspect: string;
  /** Undefined if the object is not expected at all. */
  readonly expected?: string;
  /** Undefined if the object does not exist. */
  readonly found?: string;
}

/** "column ProcessingJob.recipe, type: varchar(10) instead of varchar(50)" */
export function formatDifference(difference: Difference): string {
  const { part, object, aspect, expected, found: actual } = difference;
  if (aspect === "left over") return `${part} ${object} is left over from an earlier design, ${actual}`;
  if (expected === undefined) return `${part} ${object} was not created by this tool: ${actual}`;
  if (actual === undefined) return `${part} ${object} is missing: ${expected}`;
  return `${part} ${object}, ${aspect}: ${actual} instead of ${expected}`;
}
