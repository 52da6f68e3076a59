/** Nothing is cut off silently. */
import { expect, test } from "vitest";
import { onEveryServer } from "../support/servers.ts";
import { read } from "./call.ts";
import { withProcedures } from "./with-procedures.ts";

const numbers = Array.from({ length: 1500 }, (_, at) => at + 1);

onEveryServer("many rows", (lane) => {
  test("1500 parameters, sweeps and programs of a job all come, in order", async () => {
    await using db = await withProcedures(lane);
    await db.query("INSERT INTO ProcessingJob (processingJobId, dataCollectionId) VALUES (1, 1)");
    const rowsOf = (row: (n: number) => unknown[]) => [numbers.map(row)];
    await db.query(
      "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES ?",
      rowsOf((n) => [1, "data", n]),
    );
    await db.query(
      "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES ?",
      rowsOf((n) => [1, 1, n, n]),
    );
    await db.query(
      "INSERT INTO AutoProcProgram (processingJobId, processingMessage) VALUES ?",
      rowsOf((n) => [1, n]),
    );
    const connection = await db.connection();

    for (const login of [null, "bbrook"]) {
      const parameters = await read(connection, "retrieve_processing_job_parameters_v2", 1, login);
      const sweeps = await read(connection, "retrieve_processing_job_image_sweeps_v2", 1, login);
      const programs = await read(connection, "retrieve_processing_programs_for_job_id_v2", 1, login);
      expect(parameters.map(({ parameterValue }) => Number(parameterValue))).toEqual(numbers);
      expect(sweeps.map(({ startImage }) => startImage)).toEqual(numbers);
      expect(programs.map(({ message }) => Number(message))).toEqual(numbers);
    }
  });

  test("1500 files of a program are one list, whatever the session's limit, which stays", async () => {
    await using db = await withProcedures(lane);
    const path = `/data/${"é".repeat(200)}`;
    await db.query("INSERT INTO AutoProcProgramAttachment (autoProcProgramId, fileType, filePath, fileName) VALUES ?", [
      numbers.map((n) => [2, "Log", path, `${n}.log`]),
    ]);
    const connection = await db.connection();
    await connection.query("SET SESSION group_concat_max_len = 1024");
    const rows = await read(
      connection,
      "retrieve_processing_program_attachments_for_dc_group_program_v2",
      1,
      "fast_dp",
      "bbrook",
    );
    expect(rows).toHaveLength(1);
    expect(JSON.parse(String(rows[0]?.["processingAttachments"]))).toEqual(
      numbers.map((n) => ({ fileType: "Log", fullFilePath: `${path}/${n}.log`, importanceRank: null })),
    );
    const [limit] = await connection.query("SELECT @@session.group_concat_max_len AS n");
    expect(limit).toEqual([{ n: 1024 }]);
  });
});
