import type { Undo } from "../steps/contract.ts";
import type { StepRef } from "../steps/step-ref.ts";

export interface DownStep extends StepRef {
  readonly title: string;
  /** done: created by this step, and undone. adopted: already there when `up` came to it; only its record is deleted. */
  readonly made: "done" | "adopted";
  /** True if the object of an adopted step remains: no other step of this plan drops it. */
  readonly stays?: boolean;
  /** Undefined if nothing is left to undo. */
  readonly undo?: Undo;
  /** The later step of this plan that is undone in the same statement. */
  readonly undoneWith?: StepRef;
  /** The number of rows that lose a value, or are deleted. */
  readonly rows: number;
}

/** Before the rows are counted. */
export type UncountedStep = Omit<DownStep, "rows">;
