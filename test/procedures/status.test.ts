/** The status of a program: a number for clients, words in the official flavour's table. */
import type { Connection } from "mysql2/promise";
import { expect, test } from "vitest";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { expectRefusal, read, write } from "./call.ts";
import { createProcedures, withProcedures } from "./with-procedures.ts";

interface Report {
  readonly status?: number;
  readonly message?: string;
  readonly start?: string;
  readonly update?: string;
  readonly job?: number;
}

function report(connection: Connection, id: number | null, { status, message, start, update, job }: Report) {
  const values = [null, null, status, message, start, update, null, job, null, null];
  return write(connection, "upsert_processing_program_v2", id, ...values.map((value) => value ?? null));
}

async function stored(db: TestDatabase, id: number): Promise<unknown[]> {
  const rows = await db.query(
    "SELECT processingStatus, processingMessage, processingEndTime FROM AutoProcProgram WHERE autoProcProgramId = ?",
    [id],
  );
  return Object.values(rows[0] ?? {});
}

const [ten, eleven, twelve] = ["2026-01-05 10:00:00", "2026-01-05 11:00:00", "2026-01-05 12:00:00"] as const;

onEveryServer("status", (lane) => {
  test("where it is an enum, numbers become words", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    const written = async (first: Report) => (await stored(db, await report(connection, null, first)))[0];
    expect(await written({ status: 1 })).toBe("SUCCESS");
    expect(await written({ status: 0 })).toBe("FAILED");
    expect(await written({ start: ten })).toBe("RUNNING");
    expect(await written({})).toBeNull();

    const reported = async (next: Report) => {
      const id = await report(connection, null, {});
      await report(connection, id, next);
      return (await stored(db, id))[0];
    };
    expect(await reported({ status: 1 })).toBe("SUCCESS");
    expect(await reported({ status: 0 })).toBe("FAILED");
    // A report sets the start time.
    expect(await reported({})).toBe("RUNNING");
  });

  test("where it is an enum, other numbers are refused", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    for (const status of [2, 3, -1, 5]) {
      await expectRefusal(report(connection, null, { status }), "p_status", status);
      await expectRefusal(report(connection, 3, { status }), "p_status", status);
    }
    expect(await stored(db, 3)).toEqual(["RUNNING", "started", null]);
    expect(await db.query("SELECT COUNT(*) AS n FROM AutoProcProgram")).toEqual([{ n: 6 }]);
  });

  test.each([
    ["with all its words", "'RUNNING','FAILED','SUCCESS','0','1'", ["1", "0"]],
    ["without digits, which would be places in the list", "'RUNNING','FAILED','SUCCESS'", []],
  ])("words become numbers: the enum %s", async (_, words, digits) => {
    await using db = await withProcedures(lane);
    await db.query("DELETE FROM AutoProcProgram");
    await db.query("SET SESSION sql_mode = ''");
    await db.query(`ALTER TABLE AutoProcProgram MODIFY processingStatus enum(${words}) DEFAULT NULL`);
    await createProcedures(db);
    const connection = await db.connection();
    const job = await write(connection, "upsert_processing_job", null, 1, null, null, null, null);
    await db.query("INSERT INTO AutoProcIntegration (dataCollectionId) VALUES (1)");
    for (const word of ["SUCCESS", "FAILED", "RUNNING", "", null, ...digits]) {
      const values = [word, job, 1];
      await db.query(
        "INSERT INTO AutoProcProgram (processingStatus, processingJobId, dataCollectionId, processingPrograms) VALUES (?, ?, ?, 'x')",
        values,
      );
    }
    await db.query(
      "INSERT INTO AutoProcProgramAttachment (autoProcProgramId) SELECT autoProcProgramId FROM AutoProcProgram",
    );
    const expected = [1, 0, null, null, null, ...digits.map(Number)];

    const rows = await read(connection, "retrieve_processing_programs_for_job_id_v2", job, null);
    expect(rows.map(({ status }) => status)).toEqual(expected);
    const ofGroup = await read(
      connection,
      "retrieve_processing_program_attachments_for_dc_group_program_v2",
      1,
      "x",
      null,
    );
    expect(ofGroup.map(({ processingStatus }) => processingStatus)).toEqual(expected);
  });

  test("where it is an enum, what is finished stays as it is, and nothing else does", async () => {
    await using db = await withProcedures(lane);
    await db.query("SET SESSION sql_mode = ''");
    const connection = await db.connection();
    for (const word of ["SUCCESS", "FAILED", "1", "0"]) {
      const id = await report(connection, null, { message: "first" });
      await db.query("UPDATE AutoProcProgram SET processingStatus = ? WHERE autoProcProgramId = ?", [word, id]);
      expect(await report(connection, id, { status: 1, message: "second" })).toBe(id);
      expect(await stored(db, id), word).toEqual([word, "first", null]);
    }
    // As '' are rows that upstream's procedures damaged.
    for (const word of ["RUNNING", "", null]) {
      const id = await report(connection, null, { message: "first" });
      await db.query("UPDATE AutoProcProgram SET processingStatus = ? WHERE autoProcProgramId = ?", [word, id]);
      await report(connection, id, { message: "second", update: ten });
      expect(await stored(db, id), `${word}`).toEqual(["RUNNING", "second", ten]);
      await report(connection, id, { status: 1, message: "third", update: eleven });
      expect(await stored(db, id), `${word}`).toEqual(["SUCCESS", "third", eleven]);
    }
  });

  test("where it is a number, it is the client's, and finishes the run", async () => {
    await using db = await withProcedures(lane, "diamond");
    const connection = await db.connection();
    for (const status of [1, 0, 2]) {
      const id = await report(connection, null, { status, message: "first", update: ten });
      await report(connection, id, { message: "second", update: eleven });
      expect(await stored(db, id)).toEqual([status, "first", ten]);
    }
    const id = await report(connection, null, { start: ten, job: 1 });
    await report(connection, id, { message: "second", update: eleven });
    expect(await stored(db, id)).toEqual([null, "second", eleven]);
    await report(connection, id, { status: 0, update: twelve });
    expect(await stored(db, id)).toEqual([0, "second", twelve]);
    const rows = await read(connection, "retrieve_processing_programs_for_job_id_v2", 1, "bbrook");
    expect(rows.map(({ status }) => status)).toEqual([1, 0]);
    await expect(report(connection, null, { status: 1000 })).rejects.toMatchObject({ errno: 1264 });
  });

  test.each(["official", "diamond"] as const)(
    "an older report changes nothing unless it has a status: %s",
    async (base) => {
      await using db = await withProcedures(lane, base);
      const connection = await db.connection();
      const id = await report(connection, null, { message: "first", start: ten, update: eleven });
      await report(connection, id, { message: "older", update: ten });
      expect((await stored(db, id)).slice(1)).toEqual(["first", eleven]);
      await report(connection, id, { message: "as old", update: eleven });
      expect((await stored(db, id)).slice(1)).toEqual(["as old", eleven]);
      await report(connection, id, { status: 0, message: "failed", update: ten });
      expect(await stored(db, id)).toEqual([base === "official" ? "FAILED" : 0, "failed", ten]);
    },
  );
});
