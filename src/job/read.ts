import type { Db } from "../db/db.ts";

/** A range of images of one data collection. Images are counted from 1, and both ends belong to it. */
export interface Sweep {
  readonly dataCollectionId: number;
  readonly startImage: number;
  readonly endImage: number;
  /** Name of the sample, where the data collection has one. */
  readonly sample: string | null;
  /** The images that the data collection has in all, where it says so. */
  readonly available?: { readonly start: number; readonly end: number };
}

export interface Parameter {
  readonly key: string;
  readonly value: string | null;
}

export interface Program {
  readonly id: number;
  readonly name: string | null;
  readonly status: "queued" | "running" | "success" | "failed";
  readonly message: string | null;
}

export interface Job {
  readonly id: number;
  /** The primary data collection; a job on nothing in particular has none. */
  readonly dataCollectionId: number | null;
  readonly displayName: string | null;
  readonly recipe: string | null;
  readonly comments: string | null;
  readonly automatic: boolean | null;
  /** UTC. */
  readonly submitted: string;
  readonly sweeps: readonly Sweep[];
  readonly parameters: readonly Parameter[];
  readonly programs: readonly Program[];
}

/** One job with everything that hangs on it; undefined if there is none of this number. */
export async function readJob(db: Db, id: number): Promise<Job | undefined> {
  const [job] = await db.rows<
    Omit<Job, "sweeps" | "parameters" | "programs" | "automatic"> & { automatic: number | null }
  >(
    "SELECT processingJobId AS id, dataCollectionId, displayName, recipe, comments, automatic, recordTimestamp AS submitted " +
      "FROM ProcessingJob WHERE processingJobId = ?",
    [id],
  );
  if (job === undefined) return undefined;
  const parameters = await db.rows<Parameter>(
    "SELECT parameterKey AS `key`, parameterValue AS `value` FROM ProcessingJobParameter WHERE processingJobId = ? " +
      "ORDER BY processingJobParameterId",
    [id],
  );
  return {
    ...job,
    automatic: job.automatic === null ? null : Number(job.automatic) === 1,
    sweeps: await readSweeps(db, id),
    parameters,
    programs: await readPrograms(db, id),
  };
}

async function readSweeps(db: Db, job: number): Promise<Sweep[]> {
  const rows = await db.rows<Omit<Sweep, "available"> & { first: number | null; images: number | null }>(
    "SELECT s.dataCollectionId, s.startImage, s.endImage, b.name AS sample, d.startImageNumber AS first, d.numberOfImages AS images " +
      "FROM ProcessingJobImageSweep s LEFT JOIN DataCollection d ON d.dataCollectionId = s.dataCollectionId " +
      "LEFT JOIN DataCollectionGroup g ON g.dataCollectionGroupId = d.dataCollectionGroupId " +
      "LEFT JOIN BLSample b ON b.blSampleId = g.blSampleId " +
      "WHERE s.processingJobId = ? ORDER BY s.processingJobImageSweepId",
    [job],
  );
  return rows.map(({ first, images, ...sweep }) => {
    if (images === null || images < 1) return sweep;
    const start = first ?? 1;
    return { ...sweep, available: { start, end: start + images - 1 } };
  });
}

async function readPrograms(db: Db, job: number): Promise<Program[]> {
  const rows = await db.rows<{
    id: number;
    name: string | null;
    status: string | number | null;
    message: string | null;
    started: string | null;
  }>(
    "SELECT autoProcProgramId AS id, processingPrograms AS name, processingStatus AS status, processingMessage AS message, " +
      "processingStartTime AS started FROM AutoProcProgram WHERE processingJobId = ? ORDER BY autoProcProgramId",
    [job],
  );
  return rows.map(({ started, status, ...program }) => ({ ...program, status: statusWord(status, started !== null) }));
}

/** Words where the column is an enum, 1 and 0 where it is a number; nothing yet is running once it has a start time. */
function statusWord(status: string | number | null, started: boolean): Program["status"] {
  const word = String(status ?? "");
  if (word === "SUCCESS" || word === "1") return "success";
  if (word === "FAILED" || word === "0") return "failed";
  return word === "RUNNING" || started ? "running" : "queued";
}
