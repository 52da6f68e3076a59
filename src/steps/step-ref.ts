/** One step of one migration, by its position. */
import { checksum } from "./checksum.ts";
import { title } from "./index.ts";
import type { Step } from "./step.ts";

export interface StepRef {
  readonly migration: string;
  /** Counted from 1. */
  readonly number: number;
  readonly step: Step;
  /** Of the step as its file has it: `step` may have the types of this database. */
  readonly checksum: string;
}

/** Every step of these migrations, in order. */
export function stepRefsOf(
  migrations: readonly { readonly name: string; readonly steps: readonly Step[] }[],
): StepRef[] {
  return migrations.flatMap(({ name, steps }) =>
    steps.map((step, at) => ({ migration: name, number: at + 1, step, checksum: checksum([step]) })),
  );
}

/** "step 1 of 2017_10_16_1_processing_job_tables (create table ProcessingJob)", for the middle of a sentence. */
export function describeStepRef({ migration, number, step }: StepRef): string {
  return `step ${number} of ${migration} (${title(step)})`;
}

/** "2017_10_16_1_processing_job_tables step 1: create table ProcessingJob" */
export function formatStepRef({ migration, number, step }: StepRef): string {
  return `${migration} step ${number}: ${title(step)}`;
}
