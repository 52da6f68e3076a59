/** Generated jobs as rows, in batches of some thousand, in constant memory. */
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
  /** The progress after the batch is written. */
  readonly progress: GenerateProgress;
}

/** Batch size: large enough for an efficient transaction, small enough that a lost batch is generated again in a second. */
const JOBS_AT_ONCE = 5_000;

/** Samples between two turns of the event loop: the server still receives the batch before. */
const SAMPLES_A_TURN = 4;

/** The remaining batches up to this number of jobs, one after the other. */
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

/** The same items, each started while the one before is still in use. */
export async function* ahead<T>(source: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  let coming = source.next();
  for (;;) {
    const { done, value } = await coming;
    if (done === true) return;
    coming = source.next();
    // Its error is thrown when it is awaited; if it is never awaited, it must not end the process.
    coming.catch(() => {});
    yield value;
  }
}
