/** Generated jobs as rows, some thousand at a time and in constant memory. */
import { setImmediate as turn } from "node:timers/promises";
import { type Batch, type WayName, newBatch } from "./bulk-insert.ts";
import { experiments } from "./content/amount.ts";
import { Random } from "./content/random.ts";
import { type GenerationRun, RowWriter } from "./content/row-writer.ts";
import { writeGround, writeSample } from "./content/samples.ts";
import type { TableName } from "./content/tables.ts";
import type { GenerateProgress } from "./generated-jobs.ts";
import type { TargetColumns } from "./target-columns.ts";

export interface Built {
  readonly batch: Batch;
  /** As it is once the batch is written. */
  readonly progress: GenerateProgress;
}

/** So many that a transaction is worth its while, and so few that what is lost with one is made again in a second. */
const JOBS_AT_ONCE = 5_000;

/** After so many samples the connection has its turn: the server works on the batch before, and wants its bytes. */
const SAMPLES_A_TURN = 4;

/** The batches that are left until there are so many jobs, one after the other. */
export async function* batches(
  jobs: number,
  from: GenerateProgress,
  facts: GenerationRun,
  way: WayName,
  targets: ReadonlyMap<TableName, TargetColumns>,
): AsyncGenerator<Built, void> {
  const shapes = Random.at(from.shapes);
  const details = Random.at(from.details);
  const next = { ...from.next };
  let batch = newBatch(way, targets);
  const writer = new RowWriter(facts, details, next, (table, cells) => batch.add(table, cells));
  if (from.samples === 0) writeGround(writer);
  let { jobs: written, samples } = from;
  let whole = written + JOBS_AT_ONCE;
  for (const experiment of experiments(shapes, jobs - written)) {
    writeSample(writer, samples, experiment);
    samples++;
    written += experiment.jobs.length;
    if (samples % SAMPLES_A_TURN === 0) await turn();
    if (written < whole && written < jobs) continue;
    const progress = { jobs: written, samples, next: { ...next }, shapes: shapes.state, details: details.state };
    yield { batch, progress };
    batch = newBatch(way, targets);
    whole = written + JOBS_AT_ONCE;
  }
}

/** The same things, each begun while the one before is still in use. */
export async function* ahead<T>(source: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  let coming = source.next();
  for (;;) {
    const { done, value } = await coming;
    if (done === true) return;
    coming = source.next();
    // Its error is thrown where it is awaited; where nobody does so any more, it must not end the process.
    coming.catch(() => {});
    yield value;
  }
}
