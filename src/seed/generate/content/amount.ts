/** Number of rows and samples for a number of jobs: known before the first row, so that ids can be reserved. */
import { setImmediate as turn } from "node:timers/promises";
import { type Experiment, type GeneratedJob, nextExperiment } from "./experiment.ts";
import type { Random } from "./random.ts";
import { type PerTable, perTable } from "./tables.ts";
import { proteins, visitsOf } from "./visits.ts";

export interface Amount {
  readonly samples: number;
  readonly rows: PerTable;
}

/** How many of the last jobs may still be running. */
const RECENT = 500;

/** One sample after the other up to this number of jobs; the last one may have fewer of its jobs. */
export function* experiments(random: Random, jobs: number): Generator<Experiment> {
  for (let left = jobs; left > 0;) {
    const experiment = nextExperiment(random, left <= RECENT);
    yield experiment.jobs.length <= left ? experiment : { ...experiment, jobs: experiment.jobs.slice(0, left) };
    left -= experiment.jobs.length;
  }
}

/** Samples between two turns of the event loop, so that a signal is noticed. */
const SAMPLES_A_TURN = 5_000;

/** Counts rows and samples. Throws the reason of `stop`. */
export async function amountOf(random: Random, jobs: number, stop: AbortSignal): Promise<Amount> {
  let samples = 0;
  const rows = perTable(() => 0);
  for (const { collections, jobs: its } of experiments(random, jobs)) {
    samples++;
    if (samples % SAMPLES_A_TURN === 0) await turn();
    stop.throwIfAborted();
    rows.DataCollection += collections.length;
    rows.ProcessingJob += its.length;
    for (const job of its) countJob(rows, job);
  }
  return {
    samples,
    rows: {
      ...rows,
      Person: 1,
      Proposal: 1,
      Protein: proteins.length,
      Crystal: proteins.length,
      BLSession: visitsOf(samples),
      BLSample: samples,
      DataCollectionGroup: samples,
    },
  };
}

// --- internal ---

function countJob(rows: PerTable, { keys, recipe, runs, sweeps }: GeneratedJob): void {
  rows.ProcessingJobParameter += keys.length;
  rows.ProcessingJobImageSweep += sweeps.length;
  rows.AutoProcProgram += runs.length;
  for (const { files, messages, status } of runs) {
    rows.AutoProcProgramAttachment += files;
    rows.AutoProcProgramMessage += messages;
    if (status !== "SUCCESS" || recipe.reduces !== true) continue;
    rows.AutoProc++;
    rows.AutoProcScaling++;
    rows.AutoProcIntegration += sweeps.length;
    rows.AutoProcScaling_has_Int += sweeps.length;
  }
}
