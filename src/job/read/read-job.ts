import type { Db } from "../../db/db.ts";
import type { Job, Parameter, Sweep } from "../job.ts";
import { joinNewestProgram, statusOf } from "./job-status.ts";
import { readDataCollections } from "./read-data-collections.ts";
import { readPrograms } from "./read-programs.ts";
import { readChildJobs, readParentJobs } from "./read-relatives.ts";
import { readVisit } from "./read-visit.ts";
import { readShape } from "./shape.ts";

type JobRow = Pick<Job, "id" | "dataCollectionId" | "displayName" | "recipe" | "comments" | "submitted" | "status"> & {
  readonly automatic: number | null;
};

/** One job with everything that belongs to it, by SELECT alone; undefined if there is no job with this id. */
export async function readJob(db: Db, id: number): Promise<Job | undefined> {
  const shape = await readShape(db);
  const [job] = await db.rows<JobRow>(
    "SELECT j.processingJobId AS id, j.dataCollectionId, j.displayName, j.recipe, j.comments, j.automatic, " +
      `j.recordTimestamp AS submitted, ${statusOf} AS status FROM ProcessingJob j ${joinNewestProgram}` +
      "WHERE j.processingJobId = ?",
    [id],
  );
  if (job === undefined) return undefined;
  const sweeps = await readSweeps(db, id);
  const parameters = await readParameters(db, id);
  const programs = await readPrograms(db, shape, id);
  return {
    ...job,
    automatic: isAutomatic(job.automatic),
    visit: job.dataCollectionId === null ? null : await readVisit(db, shape, job.dataCollectionId),
    sweeps,
    dataCollections: await readDataCollections(db, shape, [
      ...new Set([job.dataCollectionId, ...sweeps.map((sweep) => sweep.dataCollectionId)]),
    ]),
    parameters,
    programs,
    parents: await readParentJobs(db, shape, programs, parameters),
    children: await readChildJobs(db, shape, programs),
    unseen: shape.unseen,
  };
}

/** 1, 0, or NULL: not recorded. */
export function isAutomatic(value: number | null): boolean | null {
  return value === null ? null : Number(value) !== 0;
}

// --- internal ---

async function readSweeps(db: Db, job: number): Promise<Sweep[]> {
  return db.rows<Sweep>(
    "SELECT processingJobImageSweepId AS id, dataCollectionId, startImage, endImage FROM ProcessingJobImageSweep " +
      "WHERE processingJobId = ? ORDER BY processingJobImageSweepId",
    [job],
  );
}

async function readParameters(db: Db, job: number): Promise<Parameter[]> {
  const rows = await db.rows<{ key: string | null; value: string | null }>(
    "SELECT parameterKey AS `key`, parameterValue AS `value` FROM ProcessingJobParameter WHERE processingJobId = ? " +
      "ORDER BY processingJobParameterId",
    [job],
  );
  const byKey = Map.groupBy(rows, ({ key }) => key ?? "");
  return [...byKey].map(([key, same]) => ({ key, values: same.map(({ value }) => value) }));
}
