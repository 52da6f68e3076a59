/** Values of a job and its programs. */
import type { GeneratedJob, GeneratedSweep, ProcessingRun } from "./experiment.ts";
import type { RowWriter } from "./row-writer.ts";
import { type Upstream, remarkOf, statusMessage, parameterValue } from "./values.ts";
import { proteinOf } from "./visits.ts";

/** The sample of the jobs. */
export interface Measured {
  /** Id of its first data collection. */
  readonly first: number;
  /** When the last image was taken, in seconds. */
  readonly end: number;
  /** Index of its protein. */
  readonly kind: number;
  readonly folder: string;
  readonly name: string;
  /** Id of the sample. */
  readonly sample: number;
}

/** Writes a job and returns its results for later jobs; `before` are the earlier jobs of the sample. */
export function writeJob(
  writer: RowWriter,
  job: GeneratedJob,
  measured: Measured,
  before: readonly Upstream[],
): Upstream {
  const { random } = writer;
  const { keys, on, recipe, runs, sweeps } = job;
  const after = job.after === undefined ? undefined : before[job.after];
  const requestedAt =
    after?.ended === undefined
      ? measured.end + (recipe.automatic === 0 ? random.skewed(600, 21_600) : random.skewed(5, 120))
      : after.ended + random.whole(2, 30);
  const dataCollection = measured.first + (on[0] ?? 0);
  const comments = recipe.automatic === 0 && random.isLucky(0.1) ? "with other settings" : null;
  const time = writer.time(requestedAt);
  const id = writer.row(
    "ProcessingJob",
    dataCollection,
    recipe.displayName,
    comments,
    time,
    recipe.recipe,
    recipe.automatic,
  );
  const facts = { ...measured, random, on, ...(after === undefined ? {} : { after }) };
  const seen = new Map<string, number>();
  for (const key of keys) {
    const again = seen.get(key) ?? 0;
    seen.set(key, again + 1);
    writer.row("ProcessingJobParameter", id, key, parameterValue(key, again, facts));
  }
  for (const { collection, first, last } of sweeps) {
    writer.row("ProcessingJobImageSweep", id, measured.first + collection, first, last);
  }
  let result: Upstream = { folder: measured.folder, results: [] };
  let ready = requestedAt;
  for (const run of runs) {
    result = writeRun(writer, run, job, { id, dataCollection, ready, measured, after });
    ready = result.ended ?? ready;
  }
  return result;
}

// --- internal ---

/** What is known of a run before it begins. */
interface ProgramFacts {
  readonly id: number;
  readonly dataCollection: number;
  /** When the run is requested, in seconds. */
  readonly ready: number;
  readonly measured: Measured;
  readonly after: Upstream | undefined;
}

function writeRun(
  writer: RowWriter,
  run: ProcessingRun,
  { recipe, sweeps }: GeneratedJob,
  { after, dataCollection, id, measured, ready }: ProgramFacts,
): Upstream {
  const { random } = writer;
  const { status } = run;
  const hasBegun = status !== "QUEUED";
  const hasEnded = status === "SUCCESS" || status === "FAILED";
  const started = ready + random.skewed(2, 600);
  const [least, most] = recipe.minutes;
  const share = status === "FAILED" ? random.fraction() : 1;
  const ended = started + Math.ceil(random.skewed(least * 60, most * 60) * share);
  const name = recipe.program.replaceAll(" ", "-");
  const folder = `${measured.folder}/processed/${name}-${writer.next.AutoProcProgram}`;
  const end = writer.time(ended);
  const program = writer.row(
    "AutoProcProgram",
    id,
    dataCollection,
    (recipe.pipeline === undefined ? undefined : writer.facts.pipelines.get(recipe.pipeline)) ?? null,
    after?.program ?? null,
    recipe.program,
    `${recipe.program} ${measured.folder}/${measured.name}`,
    status === "QUEUED" ? null : status,
    statusMessage(status),
    hasBegun ? writer.time(started) : null,
    hasEnded ? end : null,
    hasBegun ? `cluster=generated, nodes=${random.pick([1, 1, 1, 2, 4])}` : null,
    writer.time(ready),
  );
  const files = status === "FAILED" ? ([["Log", "processing.log"]] as const) : recipe.files;
  for (const [rank, [type, file]] of files.slice(0, run.files).entries()) {
    writer.row("AutoProcProgramAttachment", program, type, file, folder, rank + 1, end);
  }
  for (let left = run.messages; left > 0; left--) {
    const { severity, message, description } = remarkOf(random, status, left === 1);
    writer.row("AutoProcProgramMessage", program, severity, message, description, end);
  }
  const hasReduced = status === "SUCCESS" && recipe.reduces === true;
  return {
    folder,
    results: files.flatMap(([type, file]) => (type === "Result" ? [file] : [])),
    program,
    ...(hasEnded ? { ended } : {}),
    ...(hasReduced ? { scaling: writeResults(writer, program, sweeps, measured, end) } : {}),
  };
}

/** The id of the scaling. */
function writeResults(
  writer: RowWriter,
  program: number,
  sweeps: readonly GeneratedSweep[],
  { first, kind }: Measured,
  time: string,
): number {
  const { cell, spaceGroup } = proteinOf(kind);
  const grown = 1 + (writer.random.fraction() - 0.5) / 100;
  const [a = 0, b = 0, c = 0] = cell.slice(0, 3).map((side) => Math.round(side * grown * 10) / 10);
  const [, , , alpha, beta, gamma] = cell;
  const unitCell = writer.row("AutoProc", program, spaceGroup, a, b, c, alpha, beta, gamma, time);
  const scaling = writer.row("AutoProcScaling", unitCell, time);
  for (const { collection, first: from, last } of sweeps) {
    const integration = writer.row("AutoProcIntegration", program, first + collection, from, last, 0, time);
    writer.row("AutoProcScaling_has_Int", scaling, integration, time);
  }
  return scaling;
}
