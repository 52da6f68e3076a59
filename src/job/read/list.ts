import type { Db, Value } from "../../db/db.ts";
import type { JobSummary, Status } from "../job.ts";
import { joinNewestProgram, statusOf } from "./job-status.ts";
import { isAutomatic } from "./read-job.ts";
import { readShape } from "./shape.ts";

/** Which jobs to list: those that meet all given conditions. */
export interface JobFilter {
  readonly limit: number;
  /** The primary data collection, or one that a sweep is on. */
  readonly dataCollection?: number;
  /** Any part of the recipe. */
  readonly recipe?: string;
  readonly status?: Status;
  /** UTC. */
  readonly since?: string;
}

export interface JobList {
  /** The newest first. */
  readonly jobs: readonly JobSummary[];
  /** There are more than the limit. */
  readonly more: boolean;
}

/** The newest jobs, by SELECT alone, read from the newest back and no further than the limit needs. */
export async function listJobs(db: Db, filter: JobFilter): Promise<JobList> {
  await readShape(db);
  const { join, where, values } = conditions(filter);
  const rows = await db.rows<Omit<JobSummary, "automatic" | "sweeps"> & { automatic: number | null; sweeps: number }>(
    "SELECT j.processingJobId AS id, j.dataCollectionId, j.displayName, j.recipe, j.automatic, " +
      `j.recordTimestamp AS submitted, ${statusOf} AS status, ` +
      "(SELECT COUNT(*) FROM ProcessingJobImageSweep i WHERE i.processingJobId = j.processingJobId) AS sweeps " +
      `FROM ProcessingJob j ${join}${joinNewestProgram}${where}ORDER BY j.processingJobId DESC LIMIT ?`,
    [...values, filter.limit + 1],
  );
  const jobs = rows.slice(0, filter.limit).map((row) => ({
    ...row,
    automatic: isAutomatic(row.automatic),
    sweeps: Number(row.sweeps),
  }));
  return { jobs, more: rows.length > filter.limit };
}

// --- internal ---

/** Two queries, one for each condition: joined by OR, the server would use the key of neither. */
const onDataCollection =
  "JOIN (SELECT processingJobId FROM ProcessingJob WHERE dataCollectionId = ? " +
  "UNION SELECT processingJobId FROM ProcessingJobImageSweep WHERE dataCollectionId = ?) d " +
  "ON d.processingJobId = j.processingJobId ";

function conditions({ dataCollection, recipe, status, since }: JobFilter) {
  const parts: (readonly [sql: string, value: Value])[] = [
    ...(recipe === undefined ? [] : [["LOCATE(?, j.recipe) > 0", recipe] as const]),
    ...(status === undefined ? [] : [[`${statusOf} = ?`, status] as const]),
    ...(since === undefined ? [] : [["j.recordTimestamp >= ?", since] as const]),
  ];
  return {
    join: dataCollection === undefined ? "" : onDataCollection,
    where: parts.length === 0 ? "" : `WHERE ${parts.map(([sql]) => sql).join(" AND ")} `,
    values: [
      ...(dataCollection === undefined ? [] : [dataCollection, dataCollection]),
      ...parts.map(([, value]) => value),
    ],
  };
}
