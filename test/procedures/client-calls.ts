/**
 * What clients call, in an order in which what one call makes the next ones read. The arguments are those
 * that ispyb-api sends; those of the first names are what its older releases sent.
 */
import type { Connection } from "mysql2/promise";
import { expect } from "vitest";
import type { TestDatabase } from "../support/servers.ts";
import { type Row, read, write } from "./call.ts";

/** One client on one database, and the ids that it was given. */
export interface Story {
  readonly db: TestDatabase;
  readonly connection: Connection;
  job: number;
  program: number;
}

/** Makes the call and compares what came of it; says in a word what that was. */
type Call = (story: Story, procedure: string) => Promise<string>;

const someTime = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?$/);
const someId = expect.any(Number);

/** The rows that come have these labels, spelled so and in this order, and these values. */
function answers(args: (story: Story) => unknown[], wanted: (story: Story) => Row[]): Call {
  return async (story, procedure) => {
    const rows = await read(story.connection, procedure, ...args(story));
    const expected = wanted(story);
    expect(rows.map((row) => Object.entries(row))).toEqual(expected.map((row) => Object.entries(row)));
    return `${Object.keys(expected[0] ?? {}).length} labels`;
  };
}

/** What is inserted and then changed stands in the table, under the id that came back both times. */
function writes(
  table: string,
  insert: (story: Story) => unknown[],
  change: (story: Story) => unknown[],
  wanted: (story: Story) => Row,
  remember: (story: Story, id: number) => void = () => {},
): Call {
  return async (story, procedure) => {
    const { connection, db } = story;
    const id = await write(connection, procedure, null, ...insert(story));
    expect(await write(connection, procedure, id, ...change(story))).toBe(id);
    remember(story, id);
    const key = `${table.charAt(0).toLowerCase()}${table.slice(1)}Id`;
    const expected = wanted(story);
    // As clients do: by name, so that an invisible column is read as well.
    const columns = Object.keys(expected).join(", ");
    expect(await db.query(`SELECT ${columns} FROM ${table} WHERE ${key} = ?`, [id])).toMatchObject([expected]);
    return `id, ${Object.keys(expected).length} columns`;
  };
}

const jobRow = {
  displayName: "xia2 dials",
  comments: "again, with care",
  recipe: "autoprocessing-xia2-dials",
  automatic: 1,
};

const jobs = () => [
  {
    dataCollectionId: 1,
    displayName: jobRow.displayName,
    comments: jobRow.comments,
    recordTimestamp: someTime,
    recipe: jobRow.recipe,
    automatic: jobRow.automatic,
  },
];
const parameters = () => [{ parameterId: someId, parameterKey: "d_min", parameterValue: "1.8" }];
const sweeps = () => [{ sweepId: someId, dataCollectionId: 2, startImage: 51, endImage: 1100 }];

const first = {
  commandLine: "xia2 pipeline=dials",
  programs: "xia2 dials",
  environment: "cluster=slurm",
  startTime: "2026-01-05 10:00:00",
  endTime: "2026-01-05 10:07:00",
};
const programRow = ({ commandLine, programs, environment, startTime, endTime }: typeof first, told: string) => ({
  processingCommandLine: commandLine,
  processingPrograms: programs,
  processingMessage: told,
  processingStartTime: startTime,
  processingEndTime: endTime,
  processingEnvironment: environment,
  recordTimeStamp: someTime,
});
const programs = (story: Story) =>
  [
    { id: someId, message: "processing successful", status: 1 },
    { id: story.program, message: "no spots found", status: 0 },
  ].map(({ id, message, status }) => ({
    id,
    commandLine: first.commandLine,
    programs: first.programs,
    status,
    message,
    startTime: first.startTime,
    endTime: first.endTime,
    environment: first.environment,
    recordTimeStamp: someTime,
    jobId: story.job,
  }));
const attachments = () => [
  { attachmentId: someId, fileType: "Log", filePath: "/data/processed", fileName: "xia2.html", importanceRank: null },
  { attachmentId: someId, fileType: "Result", filePath: "/data/processed", fileName: "mtz", importanceRank: 2 },
];
/** Both bases have this run of xia2 with two files on the first group's first data collection. */
const ofGroup = ({ db }: Story) => [
  {
    dataCollectionId: 1,
    autoProcProgramId: 1,
    processingStatus: 1,
    processingAttachments: expect.toSatisfy(
      (text: string) =>
        JSON.stringify(JSON.parse(text)) ===
        JSON.stringify(
          ["xia2.html", "scaled.mtz"].map((name, at) => ({
            fileType: at === 0 ? "Log" : "Result",
            fullFilePath: `/data/${db.database.startsWith("ispyb") ? "mx4242" : "mx4242-1"}/processed/1/${name}`,
            importanceRank: db.database.startsWith("ispyb") ? null : at + 1,
          })),
        ),
    ),
  },
];

const login = "bbrook";

export const calls: Readonly<Record<string, Call>> = {
  upsert_processing_job: writes(
    "ProcessingJob",
    () => [1, "xia2 dials", "again", "autoprocessing-xia2-dials", true],
    () => [null, null, "again, with care", null, null],
    () => ({ dataCollectionId: 1, ...jobRow }),
    (story, id) => (story.job = id),
  ),
  upsert_processing_job_parameter: writes(
    "ProcessingJobParameter",
    ({ job }) => [job, "d_min", "2.0"],
    () => [null, null, "1.8"],
    ({ job }) => ({ processingJobId: job, parameterKey: "d_min", parameterValue: "1.8" }),
  ),
  upsert_processing_job_image_sweep: writes(
    "ProcessingJobImageSweep",
    ({ job }) => [job, 2, 1, 1100],
    () => [null, null, 51, null],
    ({ job }) => ({ processingJobId: job, dataCollectionId: 2, startImage: 51, endImage: 1100 }),
  ),
  retrieve_processing_job: answers(({ job }) => [job], jobs),
  retrieve_processing_job_v2: answers(({ job }) => [job, login], jobs),
  retrieve_processing_job_parameters: answers(({ job }) => [job], parameters),
  retrieve_processing_job_parameters_v2: answers(({ job }) => [job, login], parameters),
  retrieve_processing_job_image_sweeps: answers(({ job }) => [job], sweeps),
  retrieve_processing_job_image_sweeps_v2: answers(({ job }) => [job, login], sweeps),
  upsert_processing_program: writes(
    "AutoProcProgram",
    ({ job }) => [first.commandLine, first.programs, null, null, first.startTime, null, first.environment, job, null],
    () => [null, null, 1, "processing successful", null, first.endTime, null, null, null],
    ({ job }) => ({ ...programRow(first, "processing successful"), processingJobId: job }),
  ),
  upsert_processing_program_v2: writes(
    "AutoProcProgram",
    ({ job }) => [first.commandLine, first.programs, null, null, null, null, first.environment, job, 6, null],
    () => [null, null, 0, "no spots found", first.startTime, first.endTime, null, null, null, null],
    ({ job }) => ({ ...programRow(first, "no spots found"), processingJobId: job, processingPipelineId: 6 }),
    (story, id) => (story.program = id),
  ),
  retrieve_processing_programs_for_job_id: answers(({ job }) => [job], programs),
  retrieve_processing_programs_for_job_id_v2: answers(({ job }) => [job, login], programs),
  upsert_processing_program_attachment: writes(
    "AutoProcProgramAttachment",
    ({ program }) => [program, "xia2.txt", "/data/processed", "Log"],
    ({ program }) => [program, "xia2.html", null, null],
    ({ program }) => ({ autoProcProgramId: program, fileName: "xia2.html", filePath: "/data/processed" }),
  ),
  upsert_processing_program_attachment_v2: writes(
    "AutoProcProgramAttachment",
    ({ program }) => [program, "mtz", "/data/processed", "Input", 1],
    ({ program }) => [program, null, null, "Result", 2],
    ({ program }) => ({ autoProcProgramId: program, fileName: "mtz", fileType: "Result", importanceRank: 2 }),
  ),
  retrieve_processing_program_attachments_for_program_id: answers(({ program }) => [program], attachments),
  retrieve_processing_program_attachments_for_program_id_v2: answers(({ program }) => [program, login], attachments),
  retrieve_processing_program_attachments_for_dc_group_and_program: answers(() => [1, "xia2 dials"], ofGroup),
  retrieve_processing_program_attachments_for_dc_group_program_v2: answers(() => [1, "xia2 dials", login], ofGroup),
  upsert_processing_program_message: writes(
    "AutoProcProgramMessage",
    ({ program }) => [program, "WARNING", "few spots", "fewer than on the images before"],
    () => [null, "ERROR", "no spots", null],
    ({ program }) => ({
      autoProcProgramId: program,
      severity: "ERROR",
      message: "no spots",
      description: "fewer than on the images before",
    }),
  ),
};
