import type { Db } from "../../db/db.ts";
import type { Parameter, ProgramName, Relative } from "../job.ts";
import { inBatches } from "./in-batches.ts";
import { statusOf } from "./job-status.ts";
import type { Shape } from "./shape.ts";

/**
 * A link from a job to the results that it uses: the column parentAutoProcProgramId of its programs, a
 * parameter `program_id`, or a parameter `scaling_id`: the id of a row of AutoProcScaling that belongs to the AutoProc of
 * a program. Parameters are text, and the server does not check them.
 */
interface Link {
  readonly what: string;
  /** The program at the other end, if it exists. */
  readonly program: number | null;
  /** The job at the other end, if a job has the link and not a program. */
  readonly job: number | null;
}

/** Jobs and programs whose results this job uses. A link to a missing row is a relative without job and programs. */
export async function readParentJobs(
  db: Db,
  shape: Shape,
  programs: readonly ProgramName[],
  parameters: readonly Parameter[],
): Promise<Relative[]> {
  const own = programs.map(({ id }) => id);
  const ofColumn = !shape.has("AutoProcProgram", "parentAutoProcProgramId")
    ? []
    : await inBatches(own, (batch, list) =>
        db.rows<{ parent: number }>(
          "SELECT DISTINCT parentAutoProcProgramId AS parent FROM AutoProcProgram " +
            `WHERE autoProcProgramId IN (${list}) AND parentAutoProcProgramId IS NOT NULL`,
          batch,
        ),
      );
  const scalings = numbersOf(parameters, "scaling_id");
  const programOfScaling = new Map((await programsOfScalings(db, shape, scalings)).map((row) => [row.scaling, row]));
  return gather(db, [
    ...ofColumn.map(({ parent }) => ({ what: `parentAutoProcProgramId ${parent}`, program: parent, job: null })),
    ...numbersOf(parameters, "program_id").map((id) => ({ what: `program_id ${id}`, program: id, job: null })),
    ...scalings.map((id) => ({
      what: `scaling_id ${id}`,
      program: programOfScaling.get(id)?.program ?? null,
      job: null,
    })),
  ]);
}

/** Jobs and programs that use the results of this job. */
export async function readChildJobs(db: Db, shape: Shape, programs: readonly ProgramName[]): Promise<Relative[]> {
  const own = programs.map(({ id }) => id);
  if (own.length === 0) return [];
  const ofColumn = !shape.has("AutoProcProgram", "parentAutoProcProgramId")
    ? []
    : await inBatches(own, (batch, list) =>
        db.rows<{ id: number; parent: number; job: number | null }>(
          "SELECT autoProcProgramId AS id, parentAutoProcProgramId AS parent, processingJobId AS job " +
            `FROM AutoProcProgram WHERE parentAutoProcProgramId IN (${list}) ORDER BY autoProcProgramId`,
          batch,
        ),
      );
  const scalings = await scalingsOfPrograms(db, shape, own);
  const ofParameter = [
    ...(await jobsThatName(db, "program_id", own)),
    ...(await jobsThatName(db, "scaling_id", scalings)),
  ];
  return gather(db, [
    ...ofColumn.map(({ id, parent, job }) => ({ what: `parentAutoProcProgramId ${parent}`, program: id, job })),
    ...ofParameter.map(({ key, value, job }) => ({ what: `${key} ${value}`, program: null, job })),
  ]);
}

// --- internal ---

/** Values of a parameter that can be the id of a row; a worker without one writes None. */
function numbersOf(parameters: readonly Parameter[], key: string): number[] {
  const values = parameters.filter((parameter) => parameter.key === key).flatMap((parameter) => parameter.values);
  return [...new Set(values.filter((value) => /^\d{1,10}$/.test(value ?? "")).map(Number))];
}

function programsOfScalings(db: Db, shape: Shape, scalings: readonly number[]) {
  if (!shape.has("AutoProcScaling") || !shape.has("AutoProc")) return [];
  return inBatches(scalings, (batch, list) =>
    db.rows<{ scaling: number; program: number | null }>(
      "SELECT s.autoProcScalingId AS scaling, a.autoProcProgramId AS program FROM AutoProcScaling s " +
        `JOIN AutoProc a ON a.autoProcId = s.autoProcId WHERE s.autoProcScalingId IN (${list})`,
      batch,
    ),
  );
}

async function scalingsOfPrograms(db: Db, shape: Shape, programs: readonly number[]): Promise<number[]> {
  if (!shape.has("AutoProcScaling") || !shape.has("AutoProc")) return [];
  const rows = await inBatches(programs, (batch, list) =>
    db.rows<{ scaling: number }>(
      "SELECT s.autoProcScalingId AS scaling FROM AutoProc a JOIN AutoProcScaling s ON s.autoProcId = a.autoProcId " +
        `WHERE a.autoProcProgramId IN (${list}) ORDER BY s.autoProcScalingId`,
      batch,
    ),
  );
  return rows.map(({ scaling }) => scaling);
}

/** The key on parameterKey limits the search to the rows of this one key. */
function jobsThatName(db: Db, key: string, ids: readonly number[]) {
  return inBatches(ids.map(String), (batch, list) =>
    db.rows<{ key: string; value: string; job: number }>(
      "SELECT parameterKey AS `key`, parameterValue AS `value`, processingJobId AS job FROM ProcessingJobParameter " +
        `WHERE parameterKey = ? AND parameterValue IN (${list}) AND processingJobId IS NOT NULL ` +
        "ORDER BY processingJobId",
      [key, ...batch],
    ),
  );
}

/** Links as relatives: one for each job, one for each program without a job, one for each link to a missing row. */
async function gather(db: Db, links: readonly Link[]): Promise<Relative[]> {
  const programs = await readNames(
    db,
    "p.autoProcProgramId",
    links.map(({ program }) => program),
  );
  const jobs = [...new Set([...links.map(({ job }) => job), ...programs.map(({ job }) => job)])];
  const ofJobs = await readNames(
    db,
    "p.processingJobId",
    links.filter(({ program }) => program === null).map(({ job }) => job),
  );
  const names = new Map((await readJobNames(db, jobs)).map((job) => [job.id, job]));
  const known = new Map([...programs, ...ofJobs].map((program) => [program.id, program]));

  const byTarget = Map.groupBy(links, ({ what, program, job }) => {
    const of = job ?? (program === null ? null : (known.get(program)?.job ?? null));
    if (of !== null) return `job ${of}`;
    return program !== null && known.has(program) ? `program ${program}` : what;
  });
  return [...byTarget.values()].map((same) => {
    const linked = new Set(same.map(({ program }) => program));
    const job = same.map((link) => link.job ?? known.get(link.program ?? 0)?.job ?? null).find((id) => id !== null);
    const own = [...known.values()].filter(({ id, job: of }) => linked.has(id) || (job !== undefined && of === job));
    return {
      job: job === undefined ? null : (names.get(job) ?? { id: job, name: null, recipe: null }),
      programs: own.map(({ id, name, status }) => ({ id, name, status })),
      links: [...new Set(same.map(({ what }) => what))],
    };
  });
}

function readNames(db: Db, column: string, ids: readonly (number | null)[]) {
  return inBatches([...new Set(ids.filter((id) => id !== null))], (batch, list) =>
    db.rows<ProgramName & { job: number | null }>(
      `SELECT p.autoProcProgramId AS id, p.processingPrograms AS name, ${statusOf} AS status, p.processingJobId AS job ` +
        `FROM AutoProcProgram p WHERE ${column} IN (${list}) ORDER BY p.autoProcProgramId`,
      batch,
    ),
  );
}

function readJobNames(db: Db, ids: readonly (number | null)[]) {
  return inBatches(
    ids.filter((id) => id !== null),
    (batch, list) =>
      db.rows<NonNullable<Relative["job"]>>(
        "SELECT processingJobId AS id, displayName AS name, recipe FROM ProcessingJob " +
          `WHERE processingJobId IN (${list}) ORDER BY processingJobId`,
        batch,
      ),
  );
}
