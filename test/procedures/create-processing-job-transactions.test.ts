/** A job is whole or not there, whoever has the transaction and however the call ends. */
import type { Connection } from "mysql2/promise";
import { expect, test } from "vitest";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { counts, createJob, parametersOf, refusalOf, sweepsOf } from "./create-job.ts";
import { untilWaiting } from "./until-waiting.ts";
import { withProcedures } from "./with-procedures.ts";

const good = { dataCollectionId: 1, parameters: parametersOf(3), sweeps: sweepsOf(3), program: { programs: "xia2" } };
/** Found to be wrong after everything else of it was inserted. */
const bad = { ...good, sweeps: [...sweepsOf(3), { dataCollectionId: 99, startImage: 1, endImage: 1 }] };

const earlierWork = "INSERT INTO ProcessingJob (dataCollectionId, comments) VALUES (1, 'earlier work')";

/** Another connection that keeps the third sweep's data collection to itself. */
async function lockThird(db: TestDatabase): Promise<Connection> {
  const other = await db.connection();
  await other.beginTransaction();
  await other.query("UPDATE DataCollection SET imagePrefix = 'locked' WHERE dataCollectionId = 3");
  return other;
}

/** The outcome of a call of which two sweeps are made, and that is then stopped by this statement. */
async function stopped(db: TestDatabase, connection: Connection, how: "KILL QUERY" | "KILL CONNECTION") {
  const other = await lockThird(db);
  const call = createJob(connection, good).then(
    () => "made",
    (error: unknown) => error,
  );
  await untilWaiting(db, connection, call);
  await db.query(`${how} ${connection.threadId}`);
  const outcome = await call;
  await other.rollback();
  return outcome;
}

onEveryServer("create_processing_job and transactions", (lane) => {
  test("with no transaction open it is one itself", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    const before = await counts(db);
    expect((await refusalOf(connection, bad))?.problems).toHaveLength(1);
    await createJob(connection, good);
    await connection.rollback();
    expect(await counts(db)).toEqual({ jobs: 1, parameters: 3, sweeps: 3, programs: Number(before?.["programs"]) + 1 });
  });

  test.for(["START TRANSACTION", "SET autocommit = 0"])("after %s it is the caller who commits", async (begin) => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    const before = await counts(db);
    await connection.query(begin);
    await createJob(connection, good);
    expect(await counts(db)).toEqual(before);
    await connection.rollback();
    expect(await counts(db)).toEqual(before);

    await connection.query(begin);
    await createJob(connection, good);
    await connection.commit();
    expect(await counts(db)).toMatchObject({ jobs: 1, sweeps: 3 });
  });

  test("a failure takes back its own work and leaves the caller's", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    await connection.beginTransaction();
    await connection.query(earlierWork);
    expect((await refusalOf(connection, bad))?.problems).toHaveLength(1);
    expect(await counts(db)).toMatchObject({ jobs: 0 });
    await createJob(connection, good);
    await connection.commit();
    expect(await counts(db)).toMatchObject({ jobs: 2, parameters: 3, sweeps: 3 });
  });

  test("so does a wait that is too long", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    await connection.query("SET innodb_lock_wait_timeout = 1");
    const other = await lockThird(db);
    expect(await refusalOf(connection, good)).toMatchObject({ code: 1205 });
    await connection.beginTransaction();
    await connection.query(earlierWork);
    expect(await refusalOf(connection, good)).toMatchObject({ code: 1205 });
    await connection.commit();
    await other.rollback();
    expect(await counts(db)).toMatchObject({ jobs: 1, parameters: 0, sweeps: 0 });
  });

  test("a deadlock, which undoes all of the caller's transaction, is told as such", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    await connection.beginTransaction();
    await connection.query("UPDATE DataCollection SET imagePrefix = 'mine' WHERE dataCollectionId = 6");
    const other = await lockThird(db);
    // Much to undo makes the other one the dearer victim.
    await other.query("UPDATE Proposal SET title = CONCAT(title, '!')");
    await other.query(
      "INSERT INTO ProcessingJobParameter (parameterKey) VALUES (1), (2), (3), (4), (5), (6), (7), (8)",
    );
    await other.query(
      "INSERT INTO ProcessingJobParameter (parameterKey) SELECT parameterKey FROM ProcessingJobParameter",
    );
    const call = refusalOf(connection, good);
    await untilWaiting(db, connection, call);
    await other.query("UPDATE DataCollection SET imagePrefix = 'theirs' WHERE dataCollectionId = 6");
    expect(await call).toMatchObject({ code: 1213 });
    await other.rollback();
    await connection.commit();
    expect(await counts(db)).toMatchObject({ jobs: 0, parameters: 0, sweeps: 0 });
  });

  test("nothing is left of a call whose connection is killed", async () => {
    await using db = await withProcedures(lane);
    const before = await counts(db);
    await stopped(db, await db.connection(), "KILL CONNECTION");
    expect(await counts(db)).toEqual(before);
    await createJob(await db.connection(), good);
    expect(await counts(db)).toMatchObject({ jobs: 1, parameters: 3, sweeps: 3 });
  });

  test("nor of one that is interrupted, on MySQL after the ROLLBACK that the next call asks for", async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    const before = await counts(db);
    expect(await stopped(db, connection, "KILL QUERY")).toMatchObject({ errno: 1317 });
    expect(await counts(db)).toEqual(before);
    if (lane.name.startsWith("mysql")) {
      for (const _ of [1, 2]) {
        const refusal = await refusalOf(connection, good);
        expect(refusal?.message).toBe("an interrupted call left this transaction open: ROLLBACK first");
      }
      await connection.rollback();
    }
    await createJob(connection, good);
    expect(await counts(db)).toMatchObject({ jobs: 1, parameters: 3, sweeps: 3 });
  });
});
