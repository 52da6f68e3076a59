/** One call makes a job with all that belongs to it, or says all that is wrong with it. */
import { expect, test } from "vitest";
import { onEveryServer } from "../support/servers.ts";
import { read } from "./call.ts";
import { counts, createJob, parametersOf, refusalOf, sweepsOf } from "./create-job.ts";
import { createProcedures, withProcedures } from "./with-procedures.ts";

const good = { dataCollectionId: 1, parameters: [], sweeps: sweepsOf(1), program: {} };
const over = (most: number) => "x".repeat(most + 1);
const notWhole = (most = 4294967295) => ` is not a whole number from 1 to ${most}`;

/** What is wrong, and the job that has nothing else wrong with it. */
const wrong: Record<string, unknown> = {
  "the job is not an object": [good],
  "dataCollectionId is missing": { displayName: "xia2", sweeps: [] },
  "dataCollectionId: there is no DataCollection 77": { dataCollectionId: 77 },
  [`dataCollectionId${notWhole()}`]: { dataCollectionId: "1" },
  'the job has unknown members: ["datacollectionId"]': { ...good, datacollectionId: null },
  "displayName has 81 characters, where 80 fit": { ...good, displayName: over(80) },
  "comments has characters that its column, in latin1, cannot hold": { ...good, comments: "1.8 Ω" },
  "displayName has characters that its column, in latin1, cannot hold": { ...good, displayName: "really? 😀" },
  "recipe is not a string": { ...good, recipe: 5 },
  "automatic is not of type boolean": { ...good, automatic: 1 },
  "parameters is not of type array": { ...good, parameters: { key: "d_min", value: 1 } },
  "sweeps is not of type array": { ...good, sweeps: "1:100" },
  "program is not of type object": { ...good, program: "xia2" },
  "parameters[1] is not an object": { ...good, parameters: [{ key: "a", value: 1 }, "b"] },
  "parameters[0].key is missing": { ...good, parameters: [{ value: "1" }] },
  "parameters[0].key is null": { ...good, parameters: [{ key: null, value: "1" }] },
  "parameters[0].value is missing": { ...good, parameters: [{ key: "a" }] },
  "parameters[0].value has 1025 characters, where 1024 fit": {
    ...good,
    parameters: [{ key: "a", value: over(1024) }],
  },
  "parameters[0].value is neither a string, a number nor a boolean": { ...good, parameters: [{ key: "a", value: [] }] },
  'parameters[0] has unknown members: ["name"]': { ...good, parameters: [{ name: "a", key: "a", value: 1 }] },
  "sweeps[0].dataCollectionId: there is no DataCollection 99": {
    sweeps: [{ dataCollectionId: 99, startImage: 1, endImage: 2 }],
  },
  "sweeps[0].dataCollectionId is missing": { sweeps: [{ startImage: 1, endImage: 2 }] },
  [`sweeps[1].startImage${notWhole(16777215)}`]: {
    sweeps: [...sweepsOf(1), { dataCollectionId: 1, startImage: 0, endImage: 2 }],
  },
  [`sweeps[0].endImage${notWhole(16777215)}`]: { sweeps: [{ dataCollectionId: 1, startImage: 1, endImage: 1.5 }] },
  "sweeps[0].endImage is before startImage": { sweeps: [{ dataCollectionId: 1, startImage: 3, endImage: 2 }] },
  "program.commandLine has 256 characters, where 255 fit": { ...good, program: { commandLine: over(255) } },
  "program.processingPipelineId: there is no ProcessingPipeline 99": {
    ...good,
    program: { processingPipelineId: 99 },
  },
  "program.parentAutoProcProgramId: there is no AutoProcProgram 999": {
    ...good,
    program: { parentAutoProcProgramId: 999 },
  },
  "program.startTime is not a time such as 2026-01-31 18:30:00": { ...good, program: { startTime: "yesterday" } },
  "program.startTime is not on the calendar": { ...good, program: { startTime: "2026-02-30 10:00:00" } },
  "program.jobUuid is not a UUID": { ...good, program: { jobUuid: "12" } },
};

const everythingWrong = {
  displayNam: "xia2",
  recipe: over(50),
  parameters: [3, { key: "k" }],
  sweeps: [
    { dataCollectionId: 99, startImage: 9, endImage: 4 },
    { dataCollectionId: 1, startImage: -1, endImage: "4" },
  ],
  program: { programs: "Ω", jobUuid: 5 },
};

onEveryServer("create_processing_job", (lane) => {
  test("stores each member where it belongs, and the text of what is no text", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    const made = await createJob(connection, {
      displayName: null,
      comments: 'a "comment", naïve?',
      recipe: "xia2-dials",
      automatic: true,
      parameters: [
        { key: "d_min", value: 1.8 },
        { key: "small_molecule", value: true },
        { key: "d_min", value: "1.80" },
        { key: "upstream_source", value: null },
      ],
      sweeps: [{ dataCollectionId: 4, startImage: 1, endImage: 1100 }],
      program: {
        programs: "xia2 dials",
        commandLine: null,
        environment: "cluster=a, nodes=4",
        message: "begun",
        startTime: "2026-01-31T18:30:00",
        jobUuid: "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        processingPipelineId: 6,
        parentAutoProcProgramId: 2,
      },
    });
    const { processingJobId: id } = made;
    expect(await read(connection, "retrieve_processing_job_v2", id, null)).toMatchObject([
      { dataCollectionId: 4, displayName: null, comments: 'a "comment", naïve?', recipe: "xia2-dials", automatic: 1 },
    ]);
    const parameters = await read(connection, "retrieve_processing_job_parameters_v2", id, null);
    expect(parameters.map(({ parameterValue }) => parameterValue)).toEqual(["1.8", "true", "1.80", null]);
    expect(parameters.map(({ parameterId }) => parameterId)).toEqual(made.parameterIds);
    expect(await read(connection, "retrieve_processing_job_image_sweeps_v2", id, null)).toEqual([
      { sweepId: made.sweepIds[0], dataCollectionId: 4, startImage: 1, endImage: 1100 },
    ]);
    const [program] = await db.query(
      "SELECT *, HEX(jobUuid) AS uuid FROM AutoProcProgram WHERE autoProcProgramId = ?",
      [made.autoProcProgramId],
    );
    expect(program).toMatchObject({
      processingJobId: id,
      processingPrograms: "xia2 dials",
      processingCommandLine: null,
      processingEnvironment: "cluster=a, nodes=4",
      processingMessage: "begun",
      processingStatus: "RUNNING",
      processingStartTime: "2026-01-31 18:30:00",
      processingEndTime: null,
      uuid: "0F1E2D3C4B5A69788796A5B4C3D2E1F0",
      processingPipelineId: 6,
      parentAutoProcProgramId: 2,
      recordTimeStamp: expect.stringMatching(/^2/),
    });
  });

  test("needs no more than a data collection; a program that has not begun has no status", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    const bare = await createJob(connection, { dataCollectionId: 1 });
    expect(bare).toMatchObject({ autoProcProgramId: null, parameterIds: [], sweepIds: [] });
    expect(await read(connection, "retrieve_processing_job_v2", bare.processingJobId, null)).toMatchObject([
      { dataCollectionId: 1, displayName: null, automatic: 0 },
    ]);
    await createJob(connection, good);
    expect(await db.query("SELECT processingStatus FROM AutoProcProgram WHERE processingJobId IS NOT NULL")).toEqual([
      { processingStatus: null },
    ]);
  });

  test.for([1, 3, 5000])("%i sweeps and parameters, in order", async (number) => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    const [sweeps, parameters] = [sweepsOf(number), parametersOf(number)];
    const made = await createJob(connection, { sweeps, parameters });
    const { processingJobId: id } = made;
    expect(await counts(db)).toMatchObject({ jobs: 1, sweeps: number, parameters: number });
    const stored = await read(connection, "retrieve_processing_job_image_sweeps_v2", id, null);
    expect(stored).toEqual(sweeps.map((sweep, at) => ({ sweepId: made.sweepIds[at], ...sweep })));
    const values = await read(connection, "retrieve_processing_job_parameters_v2", id, null);
    expect(values).toEqual(
      parameters.map(({ key, value }, at) => ({
        parameterId: made.parameterIds[at],
        parameterKey: key,
        parameterValue: value,
      })),
    );
  });

  test("each problem is named, alone and among others, and nothing stays", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    const before = await counts(db);
    for (const [problem, job] of Object.entries(wrong)) {
      expect(await refusalOf(connection, job)).toEqual({ code: 1644, message: problem, problems: [problem] });
    }
    expect(await refusalOf(connection, everythingWrong)).toEqual({
      code: 1644,
      message: "recipe has 51 characters, where 50 fit (and 9 more: @processing_job_problems)",
      problems: [
        "recipe has 51 characters, where 50 fit",
        'the job has unknown members: ["displayNam"]',
        "program.programs has characters that its column, in latin1, cannot hold",
        "program.jobUuid is not a string",
        "parameters[0] is not an object",
        "parameters[1].value is missing",
        "sweeps[0].dataCollectionId: there is no DataCollection 99",
        "sweeps[0].endImage is before startImage",
        `sweeps[1].startImage${notWhole(16777215)}`,
        `sweeps[1].endImage${notWhole(16777215)}`,
      ],
    });
    expect(await counts(db)).toEqual(before);

    await createJob(connection, good);
    const [[after]] = (await connection.query("SELECT @processing_job_problems AS problems")) as [object[], unknown];
    expect(after).toEqual({ problems: null });
  });

  test("a message is never longer than a server takes; the list is whole", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    const before = await counts(db);
    const sweeps = sweepsOf(5000).map((sweep) => ({ ...sweep, [over(200)]: 1, endImage: 0 }));
    const refusal = await refusalOf(connection, { sweeps });
    expect(refusal?.message.length).toBeLessThanOrEqual(128);
    expect(refusal?.message).toContain("(and 9999 more: @processing_job_problems)");
    expect(refusal?.problems).toHaveLength(10_000);
    expect(await counts(db)).toEqual(before);
    for (const document of ["", "{", "null", null]) {
      // MySQL refuses what is no JSON by itself.
      const call = connection.query("CALL create_processing_job(?, @result)", [document]);
      await expect(call).rejects.toThrow(/not a JSON document|is not an object|Invalid JSON text/);
    }
  });

  test("goes by the columns of its database, whatever the database's own character set", async () => {
    await using db = await withProcedures(lane);
    await db.query("ALTER TABLE ProcessingJob MODIFY comments varchar(300) CHARACTER SET utf8mb4");
    await db.query("ALTER TABLE AutoProcProgram MODIFY processingStatus tinyint(1)");
    for (const collation of ["latin1_swedish_ci", "utf8mb4_bin", "utf8mb4_unicode_ci"]) {
      await db.query(`ALTER DATABASE COLLATE ${collation}`);
      await createProcedures(db);
      const connection = await db.connection();
      const comments = "Ω".repeat(300);
      const { processingJobId } = await createJob(connection, {
        ...good,
        comments,
        program: { startTime: "2026-01-31 18:30:00" },
      });
      expect(await read(connection, "retrieve_processing_job_v2", processingJobId, null)).toMatchObject([{ comments }]);
      expect((await refusalOf(connection, everythingWrong))?.problems).toHaveLength(10);
    }
    expect(await db.query("SELECT DISTINCT processingStatus FROM AutoProcProgram WHERE processingJobId > 0")).toEqual([
      { processingStatus: null },
    ]);
  });
});
