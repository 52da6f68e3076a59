/** create_processing_job, as a client calls it. */
import type { Connection, RowDataPacket } from "mysql2/promise";
import type { TestDatabase } from "../support/servers.ts";

export interface Created {
  readonly processingJobId: number;
  readonly autoProcProgramId: number | null;
  readonly parameterIds: readonly number[];
  readonly sweepIds: readonly number[];
}

/** What is refused is told twice: in the error, and as a list in the session. */
export interface Refused {
  readonly code: number;
  readonly message: string;
  readonly problems: readonly string[];
}

export async function createJob(connection: Connection, job: unknown): Promise<Created> {
  await connection.query("CALL create_processing_job(?, @result)", [JSON.stringify(job)]);
  return (await variable<Created>(connection, "@result")) ?? Promise.reject(new Error("no result"));
}

/** The refusal of this job, or undefined if it was made. */
export async function refusalOf(connection: Connection, job: unknown): Promise<Refused | undefined> {
  try {
    await createJob(connection, job);
    return undefined;
  } catch (error) {
    const { errno: code, sqlMessage: message } = error as { errno: number; sqlMessage: string };
    return { code, message, problems: (await variable<string[]>(connection, "@processing_job_problems")) ?? [] };
  }
}

async function variable<T>(connection: Connection, name: string): Promise<T | undefined> {
  const [[row]] = (await connection.query<RowDataPacket[]>(`SELECT ${name} AS json`)) as [
    { json: string | null }[],
    unknown,
  ];
  return row?.json == null ? undefined : (JSON.parse(row.json) as T);
}

/** How many rows there are that a call may have made. */
export async function counts(db: TestDatabase) {
  const count = (table: string) => `(SELECT COUNT(*) FROM ${table})`;
  const [row] = await db.query(
    `SELECT ${count("ProcessingJob")} AS jobs, ${count("ProcessingJobParameter")} AS parameters, ` +
      `${count("ProcessingJobImageSweep")} AS sweeps, ${count("AutoProcProgram")} AS programs`,
  );
  return row;
}

export const sweepsOf = (number: number) =>
  Array.from({ length: number }, (_, at) => ({
    dataCollectionId: (at % 6) + 1,
    startImage: at + 1,
    endImage: at + 100,
  }));

/** With all that makes it hard to tell where an element ends. */
export const parametersOf = (number: number) =>
  Array.from({ length: number }, (_, at) => ({ key: 'a "key",', value: `78.9, {38.1], \\"},{"${at}, é` }));
