/** Calls inside the caller's transaction, and two callers at once. */
import type { Connection } from "mysql2/promise";
import { expect, test } from "vitest";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { checksums } from "../support/upgrade.ts";
import { expectRefusal, write } from "./call.ts";
import { untilWaiting } from "./until-waiting.ts";
import { withProcedures } from "./with-procedures.ts";

const nothing = { status: null, message: null, update: null, environment: null };

function report(connection: Connection, id: number, told: Partial<Record<keyof typeof nothing, string | number>>) {
  const { status, message, update, environment } = { ...nothing, ...told };
  const values = [null, null, status, message, null, update, environment, null, null, null];
  return write(connection, "upsert_processing_program_v2", id, ...values);
}

async function stored(db: TestDatabase, id: number) {
  const [row] = await db.query(
    "SELECT processingStatus, processingMessage, processingEnvironment FROM AutoProcProgram WHERE autoProcProgramId = ?",
    [id],
  );
  return row;
}

onEveryServer("transactions", (lane) => {
  test("a rollback of the caller undoes everything, and a commit keeps it", async () => {
    await using db = await withProcedures(lane);
    const before = await checksums(db);
    const connection = await db.connection();

    const everything = async () => {
      await connection.beginTransaction();
      const job = await write(connection, "upsert_processing_job", null, 1, "xia2", null, null, 1);
      await write(connection, "upsert_processing_job", job, null, null, "changed", null, null);
      await write(connection, "upsert_processing_job_parameter", null, job, "k", "v");
      await write(connection, "upsert_processing_job_image_sweep", null, job, 1, 1, 2);
      await report(connection, 3, { message: "from v2" });
      await write(connection, "upsert_processing_program", 3, null, null, 1, "from v1", null, null, null, job, null);
      await write(connection, "upsert_processing_program_attachment_v2", null, 3, "a", "/a", "Log", 1);
      await write(connection, "upsert_processing_program_message", null, 3, "INFO", "m", null);
      await connection.query(
        "CALL retrieve_processing_program_attachments_for_dc_group_program_v2(1, 'xia2 dials', NULL)",
      );
    };
    await everything();
    await connection.rollback();
    expect(await checksums(db)).toEqual(before);

    await everything();
    await connection.commit();
    expect(await stored(db, 3)).toMatchObject({ processingStatus: "SUCCESS", processingMessage: "from v1" });
  });

  test("a refusal leaves the caller's transaction open, with what was done before", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    await connection.beginTransaction();
    const job = await write(connection, "upsert_processing_job", null, 1, "xia2", null, null, 1);
    await expectRefusal(write(connection, "upsert_processing_job_parameter", null, job + 1, "k", "v"), job + 1);
    await connection.commit();
    expect(await db.query("SELECT displayName FROM ProcessingJob")).toEqual([{ displayName: "xia2" }]);
  });

  test("two reports at once: what each of them brings is kept", async () => {
    await using db = await withProcedures(lane);
    const [one, other] = [await db.connection(), await db.connection()];
    await one.beginTransaction();
    await report(one, 3, { message: "half-way" });
    const call = report(other, 3, { status: 1, environment: "cluster=slurm" });
    await untilWaiting(db, other, call);
    await one.commit();
    expect(await call).toBe(3);
    expect(await stored(db, 3)).toEqual({
      processingStatus: "SUCCESS",
      processingMessage: "half-way",
      processingEnvironment: "cluster=slurm",
    });
  });

  test.each([
    ["official", "upsert_processing_program_v2", "SUCCESS", [null]],
    ["diamond", "upsert_processing_program_v2", 1, [null]],
    ["diamond", "upsert_processing_program", 1, []],
  ] as const)("a report that waits for the end of the run changes nothing after it: %s, %s", async (...row) => {
    const [base, procedure, status, pipeline] = row;
    await using db = await withProcedures(lane, base);
    const [one, other] = [await db.connection(), await db.connection()];
    await one.beginTransaction();
    const end =
      "UPDATE AutoProcProgram SET processingStatus = ?, processingMessage = 'done' WHERE autoProcProgramId = 3";
    await one.query(end, [status]);
    const values = [null, null, null, "still going", null, null, null, null, ...pipeline, null];
    const call = write(other, procedure, 3, ...values);
    await untilWaiting(db, other, call);
    await one.commit();
    expect(await call).toBe(3);
    expect(await stored(db, 3)).toMatchObject({ processingStatus: status, processingMessage: "done" });
  });

  test("an older report that waits for a newer one changes nothing after it", async () => {
    await using db = await withProcedures(lane, "diamond");
    const [one, other] = [await db.connection(), await db.connection()];
    await one.beginTransaction();
    await one.query(
      "UPDATE AutoProcProgram SET processingEndTime = '2026-01-05 11:00', processingMessage = 'newer' WHERE autoProcProgramId = 3",
    );
    const call = report(other, 3, { message: "older", update: "2026-01-05 10:00:00" });
    await untilWaiting(db, other, call);
    await one.commit();
    await call;
    expect(await stored(db, 3)).toMatchObject({ processingStatus: null, processingMessage: "newer" });
  });

  test("two ends of a sweep changed at once do not pass each other", async () => {
    await using db = await withProcedures(lane, "diamond");
    const [one, other] = [await db.connection(), await db.connection()];
    await one.beginTransaction();
    await write(one, "upsert_processing_job_image_sweep", 1, null, null, 800, null);
    const call = write(other, "upsert_processing_job_image_sweep", 1, null, null, null, 500);
    const refused = expect(call).rejects.toMatchObject({ sqlState: "45000" });
    await untilWaiting(db, other, call);
    await one.commit();
    await refused;
    expect(
      await db.query("SELECT startImage, endImage FROM ProcessingJobImageSweep WHERE processingJobImageSweepId = 1"),
    ).toEqual([{ startImage: 800, endImage: 1100 }]);
  });
});
