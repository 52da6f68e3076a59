/** What a login may see: its sessions' jobs and programs, under every collation that a database may have. */
import type { Connection } from "mysql2/promise";
import { expect, test } from "vitest";
import { type Lane, type TestDatabase, onEveryServer } from "../support/servers.ts";
import { read, write } from "./call.ts";
import { createProcedures, withProcedures } from "./with-procedures.ts";

function collationsOf({ name, vendor }: Lane): string[] {
  const common = ["utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_bin", "latin1_swedish_ci"];
  if (vendor === "mysql") return [...common, "utf8mb4_0900_ai_ci"];
  return name === "mariadb-11.8" ? [...common, "utf8mb4_uca1400_ai_ci"] : common;
}

/** A job with one of everything, on data collection 1. */
async function makeJob(connection: Connection): Promise<{ job: number; program: number }> {
  const job = await write(connection, "upsert_processing_job", null, 1, "xia2", null, null, 1);
  await write(connection, "upsert_processing_job_parameter", null, job, "d_min", "1.8");
  await write(connection, "upsert_processing_job_image_sweep", null, job, 2, 1, 1100);
  const values = [null, "xia2", null, null, null, null, null, job, null, null];
  const program = await write(connection, "upsert_processing_program_v2", null, ...values);
  await write(connection, "upsert_processing_program_attachment_v2", null, program, "a.log", "/a", "Log", 1);
  return { job, program };
}

/** How many rows each of the procedures has for this login. */
async function visible(connection: Connection, { job, program }: { job: number; program: number }, login: unknown) {
  const group = "retrieve_processing_program_attachments_for_dc_group_program_v2";
  const counts = [
    await read(connection, "retrieve_processing_job_v2", job, login),
    await read(connection, "retrieve_processing_job_parameters_v2", job, login),
    await read(connection, "retrieve_processing_job_image_sweeps_v2", job, login),
    await read(connection, "retrieve_processing_programs_for_job_id_v2", job, login),
    await read(connection, "retrieve_processing_program_attachments_for_program_id_v2", program, login),
    await read(connection, group, 1, "xia2 dials", login),
  ];
  return counts.map(({ length }) => length);
}

/** A person in a session of their own, with data collection 7 in it. */
async function addStranger(db: TestDatabase): Promise<void> {
  await db.query("INSERT INTO Person (personId, login) VALUES (3, 'cclay')");
  await db.query("INSERT INTO BLSession (sessionId, proposalId, lastUpdate) VALUES (2, 1, NOW())");
  await db.query("INSERT INTO Session_has_Person (sessionId, personId) VALUES (2, 3)");
  await db.query("INSERT INTO DataCollectionGroup (dataCollectionGroupId, sessionId) VALUES (3, 2)");
  await db.query("INSERT INTO DataCollection (dataCollectionId, dataCollectionGroupId) VALUES (7, 3)");
}

onEveryServer("logins", (lane) => {
  test.each(collationsOf(lane))("where the database's default is %s", async (collation) => {
    await using db = await withProcedures(lane);
    await db.query(
      `ALTER DATABASE \`${db.database}\` CHARACTER SET ${collation.split("_", 1)[0]} COLLATE ${collation}`,
    );
    // Only now do parameters take this default.
    await createProcedures(db);
    await addStranger(db);
    const connection = await db.connection();
    await connection.query(`SET collation_connection = ${collation}`);
    const made = await makeJob(connection);

    expect(await visible(connection, made, "bbrook")).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await visible(connection, made, null)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await visible(connection, made, "cclay")).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await visible(connection, made, "nobody")).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test.each(["official", "diamond"] as const)(
    "a person who is in a session twice sees everything once: %s",
    async (base) => {
      await using db = await withProcedures(lane, base);
      // Logins are not unique in the official flavour.
      if (base === "official") {
        await db.query("INSERT INTO Person (personId, login) VALUES (4, 'bbrook')");
        await db.query("INSERT INTO Session_has_Person (sessionId, personId) VALUES (1, 4)");
      }
      await db.query("INSERT INTO AutoProcIntegration (dataCollectionId, autoProcProgramId) VALUES (1, 1)");
      const connection = await db.connection();
      const made = await makeJob(connection);
      expect(await visible(connection, made, "bbrook")).toEqual([1, 1, 1, 1, 1, 1]);
      const [group] = await read(
        connection,
        "retrieve_processing_program_attachments_for_dc_group_program_v2",
        1,
        "xia2 dials",
        "bbrook",
      );
      expect(JSON.parse(String(group?.["processingAttachments"]))).toHaveLength(2);
    },
  );

  test("a program without a job is shown to the people of the data collection that it worked on", async () => {
    await using db = await withProcedures(lane);
    await addStranger(db);
    await db.query(
      "INSERT INTO AutoProcProgramAttachment (autoProcProgramId, fileName) VALUES (3, 'own.log'), (6, 'none.log')",
    );
    await db.query("UPDATE AutoProcProgram SET dataCollectionId = NULL WHERE autoProcProgramId = 1");
    const connection = await db.connection();
    const files = async (program: number, login: string) =>
      (await read(connection, "retrieve_processing_program_attachments_for_program_id_v2", program, login)).map(
        ({ fileName }) => fileName,
      );

    // By its integration, by its own column, by nothing.
    expect(await files(1, "bbrook")).toEqual(["xia2.html", "scaled.mtz"]);
    expect(await files(3, "bbrook")).toEqual(["own.log"]);
    expect(await files(6, "bbrook")).toEqual([]);
    expect([await files(1, "cclay"), await files(3, "cclay")]).toEqual([[], []]);
  });

  test("a program of a job is shown to the people of the job, and to nobody by what else it integrated", async () => {
    await using db = await withProcedures(lane);
    await addStranger(db);
    const connection = await db.connection();
    const { program } = await makeJob(connection);
    await db.query("INSERT INTO AutoProcIntegration (dataCollectionId, autoProcProgramId) VALUES (7, ?)", [program]);
    const procedure = "retrieve_processing_program_attachments_for_program_id_v2";
    expect(await read(connection, procedure, program, "bbrook")).toHaveLength(1);
    expect(await read(connection, procedure, program, "cclay")).toEqual([]);
  });
});
