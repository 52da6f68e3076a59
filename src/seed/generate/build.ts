/** Generated jobs as rows, some thousand at a time and in constant memory. */
import { setImmediate as turn } from "node:timers/promises";
import { type Batch, type Way, newBatch } from "./bulk.ts";
import type { Target } from "./columns.ts";
import { experiments } from "./count.ts";
import { Random } from "./random.ts";
import type { Generated, Progress } from "./record.ts";
import { Rows } from "./rows.ts";
import type { TableName } from "./tables.ts";

export interface Built {
  readonly batch: Batch;
  /** As it is once the batch is written. */
  readonly progress: Progress;
}

/** So many that a transaction is worth its while, and so few that what is lost with one is made again in a second. */
const JOBS_AT_ONCE = 5_000;

/** After so many samples the connection has its turn: the server works on the batch before, and wants its bytes. */
const SAMPLES_A_TURN = 4;

/** The batches that are left, one after the other. */
export async function* batches(
  { at, jobs, progress, ranges }: Generated,
  randomSeed: number,
  way: Way,
  targets: ReadonlyMap<TableName, Target>,
): AsyncGenerator<Built, void> {
  const shapes = Random.at(progress.shapes);
  const details = Random.at(progress.details);
  const next = { ...progress.next };
  let batch = newBatch(way, targets);
  const facts = {
    randomSeed,
    samples: ranges.samples,
    at: Date.parse(`${at.replace(" ", "T")}Z`) / 1000,
    first: ranges.first,
  };
  const rows = new Rows(facts, details, next, (table, ...cells) => batch.add(table, cells));
  if (progress.samples === 0) rows.ground();
  let written = progress.jobs;
  let inBatch = 0;
  let { samples } = progress;
  for (const experiment of experiments(shapes, jobs - progress.jobs)) {
    rows.sample(samples, experiment);
    samples++;
    written += experiment.jobs.length;
    inBatch += experiment.jobs.length;
    if (samples % SAMPLES_A_TURN === 0) await turn();
    if (inBatch < JOBS_AT_ONCE && written < jobs) continue;
    const done = { jobs: written, samples, next: { ...next }, shapes: shapes.state, details: details.state };
    yield { batch, progress: done };
    batch = newBatch(way, targets);
    inBatch = 0;
  }
}

/** The next one is built while the one before is on its way. */
export async function* ahead<T>(source: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  let coming = source.next();
  for (;;) {
    const { done, value } = await coming;
    if (done === true) return;
    coming = source.next();
    // Whoever asks for it learns of its error; nobody may.
    coming.catch(() => {});
    yield value;
  }
}
