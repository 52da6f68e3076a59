import { title } from "../steps/index.ts";
import type { Step } from "../steps/step.ts";

/** One step in its place. */

export interface Place {
  readonly migration: string;
  /** Counted from 1. */
  readonly number: number;
  readonly step: Step;
}
/** "2017_10_16_1_processing_job_tables step 1: create table ProcessingJob" */

export function spellPlace({ migration, number, step }: Place): string {
  return `${migration} step ${number}: ${title(step)}`;
}
