/** What clients do with an up-to-date database of a facility; throws where one of them would fail. */
import { expect } from "vitest";
import { calls } from "../../procedures/client-calls.ts";
import type { TestDatabase } from "../../support/servers.ts";

/** These compare rows of the base, which a facility may have changed. */
const ofBase = /_dc_group_/;

export async function callAsClients(db: TestDatabase): Promise<void> {
  const connection = await db.connection();
  const story = { db, connection, job: 0, program: 0 };
  for (const [procedure, call] of Object.entries(calls)) if (!ofBase.test(procedure)) await call(story, procedure);
  await connection.query("SET SESSION sql_mode = ''");
  await asWebPages((sql, values) => db.query(sql, values));
  await asModels((sql, values) => db.query(sql, values));
}

type Ask = <R extends object>(sql: string, values?: readonly unknown[]) => Promise<R[]>;

/** Plain statements that name their columns, as SynchWeb sends them. */
async function asWebPages(ask: Ask): Promise<void> {
  const id = async (sql: string, values: readonly unknown[]) =>
    (await ask<{ insertId: number }>(sql, values))[0]?.insertId;
  const job = await id(
    "INSERT INTO ProcessingJob (dataCollectionId, displayName, comments, recipe, automatic) VALUES (?, ?, ?, ?, 0)",
    [1, "Xia2 DIALS", "é", "xia2-dials"],
  );
  await ask("INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES (?, ?, ?)", [
    job,
    "scaling_id",
    "4711",
  ]);
  await ask(
    "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES (?, ?, ?, ?)",
    [job, 2, 1, 100_000],
  );
  const found = await ask(
    "SELECT j.displayName, j.comments, w.startImage, w.endImage FROM ProcessingJob AS j " +
      "JOIN ProcessingJobParameter AS p ON p.processingJobId = j.processingJobId " +
      "JOIN ProcessingJobImageSweep AS w ON w.processingJobId = j.processingJobId " +
      "WHERE p.parameterKey = 'scaling_id' AND p.parameterValue = '4711' AND j.automatic != 1 AND j.processingJobId = ?",
    [job],
  );
  expect(found).toEqual([{ displayName: "Xia2 DIALS", comments: "é", startImage: 1, endImage: 100_000 }]);
}

/** A row of a program with all that models name, as a worker registers it. */
async function asModels(ask: Ask): Promise<void> {
  const [made] = await ask<{ insertId: number }>(
    "INSERT INTO AutoProcProgram (processingPrograms, processingCommandLine, processingEnvironment, processingPipelineId, " +
      "parentAutoProcProgramId, jobUuid, recordTimeStamp) VALUES ('dimple', ?, 'cluster=slurm', 10, 1, ?, NOW())",
    ["c".repeat(255), Buffer.from("0123456789abcdef")],
  );
  const rows = await ask<{ jobUuid: Buffer }>(
    "SELECT processingPipelineId, parentAutoProcProgramId, jobUuid FROM AutoProcProgram WHERE autoProcProgramId = ?",
    [made?.insertId],
  );
  expect(rows).toMatchObject([{ processingPipelineId: 10, parentAutoProcProgramId: 1 }]);
}
