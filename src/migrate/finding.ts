import type { Difference } from "../catalog/difference.ts";
import type { Next } from "../hint.ts";

export interface Finding {
  /** Name of the migration, procedure, row or role. */
  readonly name: string;
  /** What is missing or different, in one sentence. */
  readonly what: string;
  /** The statements or the command that fix it; none if a person has to decide. */
  readonly repair: readonly Next[];
}

/** A finding, and what it was made from. */
export interface Found extends Finding {
  readonly difference?: Difference;
}
