/** What the procedures do not take: ids that do not exist, ranges upside down, rows without use, too long values. */
import { createConnection } from "mysql2/promise";
import { expect, test } from "vitest";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { expectRefusal, write } from "./call.ts";
import { withProcedures } from "./with-procedures.ts";

const tables = [
  "ProcessingJob",
  "ProcessingJobParameter",
  "ProcessingJobImageSweep",
  "AutoProcProgram",
  "AutoProcProgramAttachment",
  "AutoProcProgramMessage",
];

function contents(db: TestDatabase) {
  return Promise.all(tables.map((table) => db.query(`SELECT * FROM ${table} ORDER BY 1`)));
}

/** A job 1 with parameter 1 and sweep 1, and program 7 of it with attachment 4 and message 1. */
async function withRows(db: TestDatabase): Promise<void> {
  await db.query("INSERT INTO ProcessingJob (processingJobId, dataCollectionId) VALUES (1, 1)");
  await db.query("INSERT INTO ProcessingJobParameter (processingJobId, parameterKey) VALUES (1, 'k')");
  await db.query(
    "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES (1, 1, 10, 20)",
  );
  await db.query("INSERT INTO AutoProcProgram (autoProcProgramId, processingJobId) VALUES (7, 1)");
  await db.query("INSERT INTO AutoProcProgramAttachment (autoProcProgramId, fileName) VALUES (7, 'a')");
  await db.query("INSERT INTO AutoProcProgramMessage (autoProcProgramId, severity, message) VALUES (7, 'INFO', 'm')");
}

/** A procedure, its arguments, and what the refusal names. */
type Refused = readonly [procedure: string, args: readonly unknown[], ...named: (string | number)[]];

function program(
  id: number | null,
  { job = null, pipeline = null }: { job?: number | null; pipeline?: number | null },
) {
  return [id, null, null, null, null, null, null, null, job, pipeline, null];
}

const unknownIds: readonly Refused[] = [
  ["upsert_processing_job", [null, 999, null, null, null, null], "p_dataCollectionId", 999],
  ["upsert_processing_job", [1, 999, null, null, null, null], "p_dataCollectionId", 999],
  ["upsert_processing_job", [998, 1, "n", null, null, null], "p_id", 998],
  ["upsert_processing_job", [998, null, "n", null, null, null], "p_id", 998],
  ["upsert_processing_job_parameter", [null, 999, "k", "v"], "p_processingJobId", 999],
  ["upsert_processing_job_parameter", [1, 999, "k", "v"], "p_processingJobId", 999],
  ["upsert_processing_job_parameter", [998, 1, "k", "v"], "p_id", 998],
  ["upsert_processing_job_image_sweep", [null, 999, 1, 1, 2], "p_processingJobId", 999],
  ["upsert_processing_job_image_sweep", [null, 1, 999, 1, 2], "p_dataCollectionId", 999],
  ["upsert_processing_job_image_sweep", [1, null, 999, 1, 2], "p_dataCollectionId", 999],
  ["upsert_processing_job_image_sweep", [998, 1, 1, 1, 2], "p_id", 998],
  ["upsert_processing_program_v2", program(null, { job: 999 }), "p_processingJobId", 999],
  ["upsert_processing_program_v2", program(7, { job: 999 }), "p_processingJobId", 999],
  ["upsert_processing_program_v2", program(null, { pipeline: 999 }), "p_processingPipelineId", 999],
  ["upsert_processing_program_v2", program(998, {}), "p_id", 998],
  ["upsert_processing_program", [998, null, null, 1, null, null, null, null, null, null], "p_id", 998],
  ["upsert_processing_program_attachment_v2", [null, 999, "a", "/a", "Log", 1], "p_parentid", 999],
  ["upsert_processing_program_attachment_v2", [4, 999, "a", "/a", "Log", 1], "p_parentid", 999],
  ["upsert_processing_program_attachment_v2", [998, 7, "a", "/a", "Log", 1], "p_id", 998],
  ["upsert_processing_program_attachment", [998, 7, "a", "/a", "Log"], "p_id", 998],
  ["upsert_processing_program_message", [null, 999, "INFO", "m", null], "p_programId", 999],
  ["upsert_processing_program_message", [1, 999, null, null, null], "p_programId", 999],
  ["upsert_processing_program_message", [998, null, "INFO", "m", null], "p_id", 998],
  // Longer than any id: the message has to fit.
  ["upsert_processing_program_v2", program(null, { pipeline: 4294967295 }), "p_processingPipelineId", 4294967295],
];

const ranges: readonly Refused[] = [
  ["upsert_processing_job_image_sweep", [null, 1, 1, 2, 1], "p_startImage 2", "p_endImage 1"],
  ["upsert_processing_job_image_sweep", [1, null, null, 9, 8], "p_startImage 9", "p_endImage 8"],
  // The other end is 20, or 10.
  ["upsert_processing_job_image_sweep", [1, null, null, 21, null], "ProcessingJobImageSweep 1", "after"],
  ["upsert_processing_job_image_sweep", [1, null, null, null, 9], "ProcessingJobImageSweep 1", "after"],
];

const useless: readonly Refused[] = [
  ["upsert_processing_job", [null, null, "n", null, null, null], "p_dataCollectionId"],
  ["upsert_processing_job_parameter", [null, null, "k", "v"], "p_processingJobId"],
  ["upsert_processing_job_parameter", [null, 1, null, "v"], "p_parameterKey"],
  ["upsert_processing_job_image_sweep", [null, 1, null, 1, 2], "p_dataCollectionId"],
  ["upsert_processing_job_image_sweep", [null, 1, 1, 1, null], "p_endImage"],
  ["upsert_processing_program_attachment_v2", [null, null, "a", "/a", "Log", 1], "p_parentid"],
  ["upsert_processing_program_attachment_v2", [null, 7, null, "/a", "Log", 1], "p_name"],
  ["upsert_processing_program_message", [null, null, "INFO", "m", null], "p_programId"],
  ["upsert_processing_program_message", [null, 7, null, "m", null], "p_severity"],
  ["upsert_processing_program_message", [null, 7, "INFO", null, null], "p_description"],
  ["upsert_processing_program_message", [null, 7, "FATAL", "m", null], "p_severity", "FATAL"],
  ["upsert_processing_program_message", [null, 7, "FATAL".repeat(50), "m", null], "p_severity"],
  ["retrieve_processing_job_v2", [null, null], "p_id"],
  ["retrieve_processing_job", [null], "p_id"],
  ["retrieve_processing_job_parameters_v2", [null, null], "p_id"],
  ["retrieve_processing_job_image_sweeps_v2", [null, null], "p_id"],
  ["retrieve_processing_programs_for_job_id_v2", [null, null], "p_id"],
  ["retrieve_processing_program_attachments_for_program_id_v2", [null, null], "p_id"],
];

/** Arguments with this text in them, and the width of the columns that it goes into. */
const widths: readonly [procedure: string, args: (text: string) => unknown[], width: number][] = [
  ["upsert_processing_job", (text) => [null, 1, text, null, null, null], 80],
  ["upsert_processing_job", (text) => [null, 1, null, text, null, null], 255],
  ["upsert_processing_job", (text) => [null, 1, null, null, text, null], 50],
  ["upsert_processing_job_parameter", (text) => [null, 1, text, null], 80],
  ["upsert_processing_job_parameter", (text) => [null, 1, "k", text], 1024],
  ["upsert_processing_program_v2", (text) => [null, text, text, null, text, null, null, text, null, null, null], 255],
  ["upsert_processing_program", (text) => [null, text, text, null, text, null, null, text, null, null], 255],
  ["upsert_processing_program_attachment_v2", (text) => [null, 7, text, text, null, null], 255],
  ["upsert_processing_program_message", (text) => [null, 7, "INFO", text, text], 200],
  ["upsert_processing_program_message", (text) => [null, 7, "INFO", "m", text], 65535],
];

const unchanged: readonly (readonly [procedure: string, args: readonly unknown[]])[] = [
  ["upsert_processing_job", [1, 1, null, null, null, null]],
  ["upsert_processing_job_parameter", [1, 1, "k", null]],
  ["upsert_processing_job_image_sweep", [1, 1, 1, 10, 20]],
  ["upsert_processing_program_v2", [1, null, null, 1, "is finished", null, null, null, null, null, null]],
  ["upsert_processing_program_attachment_v2", [4, 7, "a", null, null, null]],
  ["upsert_processing_program_message", [1, 7, "INFO", "m", null]],
];

onEveryServer("refusals", (lane) => {
  test.each([
    ["ids that do not exist", unknownIds],
    ["ranges upside down", ranges],
    ["what would be of no use", useless],
  ])("%s: nothing is changed", async (_, calls) => {
    await using db = await withProcedures(lane);
    await withRows(db);
    const before = await contents(db);
    const connection = await db.connection();
    for (const [procedure, args, ...named] of calls) {
      await expectRefusal(write(connection, procedure, ...args), ...named);
    }
    expect(await contents(db)).toEqual(before);
  });

  test("values fit up to the width of their column, and are refused beyond", async () => {
    await using db = await withProcedures(lane);
    await withRows(db);
    const connection = await db.connection();
    for (const [procedure, args, width] of widths) {
      expect(await write(connection, procedure, ...args("x".repeat(width)))).toBeGreaterThan(0);
      const before = await contents(db);
      await expect(write(connection, procedure, ...args("x".repeat(width + 1)))).rejects.toMatchObject({ errno: 1406 });
      expect(await contents(db)).toEqual(before);
    }
  });

  test("characters that a column cannot hold are refused, and none is replaced", async () => {
    await using db = await withProcedures(lane);
    await withRows(db);
    const before = await contents(db);
    const connection = await db.connection();
    for (const [procedure, args] of widths) {
      await expect(write(connection, procedure, ...args("→"))).rejects.toMatchObject({ errno: 1366 });
    }
    expect(await contents(db)).toEqual(before);
    const job = await write(connection, "upsert_processing_job", null, 1, "Ångström", null, null, null);
    expect(await db.query("SELECT displayName FROM ProcessingJob WHERE processingJobId = ?", [job])).toEqual([
      { displayName: "Ångström" },
    ]);
  });

  test("every kind of file is taken, and a change needs no program", async () => {
    await using db = await withProcedures(lane);
    await withRows(db);
    const connection = await db.connection();
    for (const kind of ["Log", "Result", "Graph", "Debug", "Input"]) {
      const values = [7, "a", "/a", kind, 1];
      const id = await write(connection, "upsert_processing_program_attachment_v2", null, ...values);
      await write(connection, "upsert_processing_program_attachment_v2", id, null, "b", null, null, null);
      expect(
        await db.query(
          "SELECT fileType, fileName FROM AutoProcProgramAttachment WHERE autoProcProgramAttachmentId = ?",
          [id],
        ),
      ).toEqual([{ fileType: kind, fileName: "b" }]);
    }
  });

  // Drivers tell the server what to count: rows that match (mysql2), or rows that change (mysql-connector).
  test.each(["FOUND_ROWS", "-FOUND_ROWS"])("a change that changes nothing is no refusal: %s", async (flag) => {
    await using db = await withProcedures(lane);
    await withRows(db);
    const { host, port, user, password, database } = db;
    const connection = await createConnection({ host, port, user, password, database, flags: [flag] });
    try {
      for (const [procedure, args] of unchanged) expect(await write(connection, procedure, ...args)).toBe(args[0]);
      await expectRefusal(write(connection, "upsert_processing_job", 998, 1, null, null, null, null), "p_id", 998);
    } finally {
      connection.destroy();
    }
  });
});
