import type { Statement, Undo } from "../steps/contract.ts";
import type { StepRef } from "../steps/step-ref.ts";
import type { Forecast } from "./forecast.ts";

/** One statement of an undo. */
export interface UndoStatement {
  readonly statement: Statement;
  /** What it is for, if it only prepares or ends the undo. */
  readonly why?: string;
  /** True if the rows that would be lost are saved right after it. */
  readonly saves?: boolean;
}

export interface PlannedUndo extends UndoStatement {
  readonly forecast: Forecast;
}

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
  /** What is sent for it, in order; empty if nothing is, or if a later step's statement undoes this one too. */
  readonly sent: readonly PlannedUndo[];
  /** The number of rows that lose a value, or are deleted. */
  readonly rows: number;
}

/** Before the rows are counted, and before its statements are known. */
export type UncountedStep = Omit<DownStep, "rows" | "sent">;
