/** What a statement of a run worked on, and how long: for the answer of the run, and for the journal. */
import { readSizes } from "../catalog/sizes.ts";
import type { TableSize } from "../model.ts";
import type { PlannedStep } from "../plan/plan.ts";
import { sizeOfWork, workOf } from "../plan/predict.ts";
import type { Run } from "../run/run.ts";
import { leaseFor } from "../state/lease-times.ts";
import type { Measured, MeasuredHere, Work } from "../state/measured.ts";
import type { Statement } from "../steps/contract.ts";
import type { StepRef } from "../steps/step-ref.ts";

/** A statement that was sent, for these steps. */
export interface RanStatement {
  readonly sql: string;
  readonly steps: readonly StepRef[];
  readonly work: Work;
  /** Without the waits for locks. */
  readonly seconds: number;
  /** Before it; undefined if the duration does not grow with rows. */
  readonly reads?: TableSize & { readonly table: string };
}

/** What is known before the statement is sent. */
export interface Ahead {
  readonly reads?: TableSize & { readonly table: string };
  /** Seconds that the lease has to last without a heartbeat. */
  readonly lease: number;
}

/**
 * The table as the plan saw it, if the planned statement reads the same table. It is looked at again if the schema was
 * changed since, or if the statement repairs a conflict: then it is unknown how long it will work.
 */
export async function lookAhead(run: Run, { forecast }: PlannedStep, statement: Statement): Promise<Ahead> {
  const { reads: table } = statement;
  if (table === undefined) return { lease: leaseFor(0) };
  if (forecast?.reads?.table === table) {
    const { reads, seconds } = forecast;
    return { reads, lease: leaseFor(seconds, reads.bytes) };
  }
  const size = (await readSizes(run.main, [table]))[table];
  return size === undefined
    ? { lease: leaseFor(0) }
    : { reads: { table, ...size }, lease: leaseFor(undefined, size.bytes) };
}

export function ranStatement(
  steps: readonly StepRef[],
  statement: Statement,
  { reads }: Ahead,
  seconds: number,
): RanStatement {
  const size = reads === undefined ? {} : { reads: { ...reads, ...sizeOfWork(statement, reads) } };
  return { sql: statement.sql, steps, work: workOf(statement), seconds, ...size };
}

/** For the journal; undefined for an instant. */
export function measuredHere({ reads, seconds, work }: RanStatement, { server }: Run): MeasuredHere | undefined {
  if (reads === undefined) return undefined;
  const measured: Measured = { work, ...reads, seconds };
  return { ...measured, node: server.node };
}
