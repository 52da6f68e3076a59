/** Generated jobs on a bad day: clocks that change, locks, columns that are narrow, rows that come in between. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import { hint } from "../../src/hint.ts";
import type { Progress } from "../../src/run/run.ts";
import { generate } from "../../src/seed/generate/generate.ts";
import { passing } from "../migrate/cut.ts";
import { untilWaiting } from "../procedures/until-waiting.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { connectWith, twoSignals } from "../support/sessions.ts";
import { checksums, takeDown, targetOf, upgrade } from "../support/upgrade.ts";
import { grow, growing, migrated, sow, uproot } from "./seeding.ts";

async function one(db: TestDatabase, sql: string): Promise<unknown> {
  const [row] = await db.query(sql);
  return Object.values(row ?? {})[0];
}

const allowFiles = (db: TestDatabase, allowed: boolean) => db.query(`SET GLOBAL local_infile = ${allowed ? 1 : 0}`);

/** A time zone that the server has from now on: an hour ahead of UTC from 29 March to 25 October 2026. */
async function summerTime(db: TestDatabase): Promise<void> {
  await db.query("INSERT INTO mysql.time_zone (Use_leap_seconds) VALUES ('N')");
  await db.query("SET @zone = LAST_INSERT_ID()");
  await db.query("INSERT INTO mysql.time_zone_name (Name, Time_zone_id) VALUES ('Test/Summer', @zone)");
  await db.query(
    "INSERT INTO mysql.time_zone_transition_type (Time_zone_id, Transition_type_id, `Offset`, Is_DST, Abbreviation) " +
      "VALUES (@zone, 0, 0, 0, 'W'), (@zone, 1, 3600, 1, 'S')",
  );
  await db.query(
    "INSERT INTO mysql.time_zone_transition (Time_zone_id, Transition_time, Transition_type_id) " +
      "VALUES (@zone, 1, 0), (@zone, 1774746000, 1), (@zone, 1792890000, 0)",
  );
  await db.query("SET GLOBAL time_zone = 'Test/Summer'");
}

onEveryServer("seed generate on a bad day", (lane) => {
  test("the clocks are put forward within its span: no hour that does not exist, no hour between two columns", async () => {
    await using db = await migrated(lane, "official");
    await summerTime(db);
    await grow(db, { jobs: 2_000, at: "2026-03-29 10:00:00" });
    // Connections of the test have their own zone; what is asked here is what the facility's programs see.
    await db.query("SET time_zone = 'Test/Summer'");
    const own =
      "FROM ProcessingJob j JOIN AutoProcProgram p USING (processingJobId) WHERE p.processingEnvironment LIKE '%generated%'";
    expect(
      await one(
        db,
        `SELECT COUNT(*) ${own} AND p.processingStartTime BETWEEN '2026-03-29 02:00:00' AND '2026-03-29 03:00:00'`,
      ),
    ).not.toBe(0);
    for (const column of ["processingStartTime", "processingEndTime"]) {
      expect(
        await one(
          db,
          `SELECT COUNT(*) ${own} AND p.${column} >= '2026-03-29 01:00:00' AND p.${column} < '2026-03-29 02:00:00'`,
        ),
      ).toBe(0);
    }
    expect(
      await one(
        db,
        `SELECT COUNT(*) ${own} AND (p.processingStartTime < j.recordTimestamp OR p.recordTimeStamp > '2026-03-29 10:00:00')`,
      ),
    ).toBe(0);
    // A timestamp is a moment, a datetime is what the clock says: here they are the same.
    expect(
      await one(
        db,
        `SELECT COUNT(*) ${own} AND TIMESTAMPDIFF(SECOND, p.recordTimeStamp, p.processingStartTime) > 4300`,
      ),
    ).toBe(0);
    await uproot(db, ["generated-7"]);
  });

  test("moments that a timestamp does not reach, and words that an enum lacks, are refused before the question", async () => {
    await using db = await migrated(lane, "official");
    const before = await checksums(db);
    const unasked = () => Promise.reject(new Error("asked"));
    for (const at of ["1970-01-02 00:00:00", "2999-01-01 00:00:00"]) {
      await expect(grow(db, { jobs: 100, at, confirm: unasked }), at).rejects.toMatchObject({
        code: "USAGE",
        details: { found: expect.arrayContaining([expect.stringMatching(/only times from 1970 to 2038$/)]) },
      });
    }
    await db.query("DELETE FROM AutoProcProgramAttachment");
    await db.query("ALTER TABLE AutoProcProgramAttachment MODIFY fileType enum('Log','Result','Debug','Input')");
    await db.query("UPDATE AutoProcProgram SET processingEnvironment = NULL");
    await db.query("ALTER TABLE AutoProcProgram MODIFY processingEnvironment varchar(8)");
    await expect(grow(db, { jobs: 100, confirm: unasked })).rejects.toMatchObject({
      code: "USAGE",
      details: {
        found: expect.arrayContaining([
          expect.stringContaining("AutoProcProgramAttachment.fileType"),
          expect.stringContaining("AutoProcProgram.processingEnvironment"),
        ]),
      },
    });
    expect((await checksums(db))["ProcessingJob"]).toBe(before["ProcessingJob"]);
  });

  test("a server that keeps no warnings: what LOAD DATA leaves out is seen all the same", async () => {
    await using db = await migrated(lane, "official");
    await db.query("SET GLOBAL max_error_count = 0");
    for (const allowed of [true, false]) {
      await allowFiles(db, allowed);
      // Long enough for the rows that are tried out, and not for those to come.
      const done = { at: 0 };
      const narrowed = grow(db, {
        jobs: 8_000,
        async confirm() {
          await db.query("ALTER TABLE AutoProcProgramAttachment MODIFY filePath varchar(30)");
          done.at++;
        },
      });
      await expect(narrowed).rejects.toMatchObject({
        code: "STATEMENT_FAILED",
        details: { found: expect.arrayContaining([expect.stringMatching(/too long|warnings/i)]) },
      });
      expect(done.at).toBe(1);
      await db.query("ALTER TABLE AutoProcProgramAttachment MODIFY filePath varchar(255)");
      await uproot(db, ["generated-7"]);
    }
  });

  test("pipelines go by their names", async () => {
    await using db = await migrated(lane, "official");
    await db.query("UPDATE ProcessingPipeline SET name = 'OUR OWN' WHERE processingPipelineId = 6");
    await grow(db, { jobs: 200 });
    const of = (program: string) =>
      db.query(
        `SELECT DISTINCT processingPipelineId AS id FROM AutoProcProgram WHERE processingEnvironment LIKE '%generated%' AND processingPrograms = '${program}'`,
      );
    expect(await of("fast_dp")).toEqual([{ id: 3 }]);
    expect(
      await db.query(
        "SELECT COUNT(*) AS n FROM AutoProcProgram WHERE processingPipelineId = 6 AND processingEnvironment LIKE '%generated%'",
      ),
    ).toEqual([{ n: 0 }]);
  });

  test("an account that may not ALTER is told so before the question", async () => {
    await using db = await migrated(lane, "official");
    await db.query("CREATE USER seeder IDENTIFIED BY 'seeder-secret'");
    await db.query(`GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON ${db.database}.* TO seeder`);
    const target = targetOf(db, { user: "seeder", password: "seeder-secret" });
    await expect(
      grow(db, { connect: (role) => connect(target, role), confirm: () => Promise.reject(new Error("asked")) }),
    ).rejects.toMatchObject({
      code: "MISSING_PRIVILEGE",
      details: { found: "without ALTER", next: [expect.stringContaining("GRANT ALTER ON")] },
    });
  });

  test("an open transaction of another session blocks the reservation of ids: reported, and the same command continues", async () => {
    await using db = await migrated(lane, "official");
    const theirs = await db.connection();
    await theirs.query("START TRANSACTION");
    await theirs.query("INSERT INTO ProcessingJob (dataCollectionId, recipe) VALUES (1, 'theirs')");
    await expect(grow(db, { jobs: 100 })).rejects.toMatchObject({
      circumstances: {
        done: "no row was written; ids may have been reserved",
        next: [hint("seed", { args: ["generate", "100"], options: { "random-seed": "7" }, note: "continues" })],
      },
    });
    await theirs.query("COMMIT");
    expect(await grow(db, { jobs: 100 })).toMatchObject({ already: 0, there: 100 });
  });

  test("the second Ctrl-C ends a statement that waits for a lock", async () => {
    for (const allowed of [true, false]) {
      await using db = await migrated(lane, "official");
      await allowFiles(db, allowed);
      const theirs = await db.connection();
      const { killNow, stop, kill } = twoSignals();
      const waiting = Promise.withResolvers<{ readonly threadId: number }>();
      let written = 0;
      const killed = grow(db, {
        jobs: 6_000,
        signals: { stop, kill },
        progress: (event) => (written = event.kind === "counted" ? event.done : written),
        connect: connectWith(db, (main) => async (sql, send) => {
          if (written > 0 && sql === "START TRANSACTION") {
            // Every sample of this transaction names one of the crystals, and none of them is in use yet.
            await theirs.query("START TRANSACTION");
            await theirs.query("SELECT 1 FROM Crystal FOR UPDATE");
            waiting.resolve({ threadId: main.connectionId });
          }
          return send();
        }),
      });
      const [, failure] = await Promise.all([
        waiting.promise.then((session) => untilWaiting(db, session, killed)).then(killNow),
        killed.catch((error: unknown) => error),
      ]);
      expect(failure, String(allowed)).toMatchObject({
        code: "INTERRUPTED",
        details: { done: "the running statement was ended on the server" },
      });
      await theirs.query("ROLLBACK");
      expect(await grow(db, { jobs: 6_000 })).toMatchObject({ there: 6_000 });
    }
  });

  test("the second Ctrl-C between two statements of the last transaction: no other one is sent, and none is kept", async () => {
    await using db = await migrated(lane, "official");
    const jobs = async () => Number(await one(db, "SELECT COUNT(*) FROM ProcessingJob"));
    const before = await jobs();
    await allowFiles(db, true);
    for (const last of [
      "START TRANSACTION",
      "LOAD DATA LOCAL INFILE 'generated' INTO TABLE `DataCollection`",
      "INSERT INTO ispyb_migrate_seed",
    ]) {
      const { killNow, stop, kill } = twoSignals();
      const sent: string[] = [];
      const killed = grow(db, {
        jobs: 100,
        signals: { stop, kill },
        connect: connectWith(db, () => async (sql, send) => {
          sent.push(sql);
          const answer = await send();
          if (sent.includes("START TRANSACTION") && sql.startsWith(last)) killNow();
          return answer;
        }),
      });
      await expect(killed, last).rejects.toMatchObject({
        code: "INTERRUPTED",
        details: { done: "no further statement was sent" },
      });
      expect(await jobs(), last).toBe(before);
    }
    expect(await grow(db, { jobs: 100 })).toMatchObject({ there: 100 });
  });

  test("the second Ctrl-C after the last transaction is late: all is written, and said so", async () => {
    await using db = await migrated(lane, "official");
    const { killNow, stop, kill } = twoSignals();
    const progress = (event: Progress) => (event.kind === "counted" && event.done === 100 ? killNow() : undefined);
    expect(await grow(db, { jobs: 100, signals: { stop, kill }, progress })).toMatchObject({ there: 100 });
  });

  test("removing: the second Ctrl-C before the last COMMIT: the batch is rolled back, and the rest is deleted later", async () => {
    await using db = await migrated(lane, "official");
    const rows = async () => {
      const all = Object.entries(await checksums(db));
      return Object.fromEntries(all.filter(([table]) => !table.includes("ispyb_migrate")));
    };
    const before = await rows();
    await sow(db, ["programs"]);
    await grow(db, { jobs: 100 });
    for (const [story, last] of [
      ["programs", "DELETE FROM ispyb_migrate_seed"],
      ["generated-7", "DELETE FROM `Person`"],
    ] as const) {
      const { killNow, stop, kill } = twoSignals();
      const sent: string[] = [];
      const killed = uproot(db, [story], {
        signals: { stop, kill },
        connect: connectWith(db, () => async (sql, send) => {
          sent.push(sql.slice(0, 60));
          const answer = await send();
          if (sql.startsWith(last)) killNow();
          return answer;
        }),
      });
      const failure = await killed.catch((error: unknown) => error);
      expect(failure, `${story}: ${sent.slice(-5).join("; ")}`).toMatchObject({
        code: "INTERRUPTED",
        details: { done: "no further statement was sent" },
      });
      await uproot(db, [story]);
    }
    expect(await rows()).toEqual(before);
  });

  test("removing: a foreign row that is inserted in between stays, with every action of its foreign key", async () => {
    await using db = await migrated(lane, "official");
    const { firstJob } = await grow(db, { jobs: 300 });
    const dc = Number(await one(db, `SELECT dataCollectionId FROM ProcessingJob WHERE processingJobId = ${firstJob}`));
    const [before] = await db.query<{ n: number }>("SELECT COUNT(*) AS n FROM ProcessingJob");
    let came = false;
    const disturbed = (inner: Db): Db => ({
      ...passing(inner),
      async run(sql, values) {
        if (!came && sql.startsWith("DELETE FROM `ProcessingJobParameter`")) {
          came = true;
          await db.query(
            "INSERT INTO ProcessingJob (processingJobId, dataCollectionId, recipe) VALUES (90000, ?, 'theirs')",
            [dc],
          );
        }
        return inner.run(sql, values);
      },
    });
    const target = targetOf(db);
    const removing = uproot(db, ["generated-7"], {
      connect: async (role) => (role === "main" ? disturbed(await connect(target, role)) : connect(target, role)),
    });
    await expect(removing).rejects.toMatchObject({
      code: "ROWS_IN_USE",
      details: {
        found: [`ProcessingJob 90000 refers to DataCollection ${dc} (dataCollectionId)`],
        done: expect.stringMatching(/^[\d,]+ rows of generated-7 deleted; the rest remain$/),
      },
    });
    expect(await one(db, "SELECT COUNT(*) FROM ProcessingJob WHERE recipe = 'theirs'")).toBe(1);
    await db.query("DELETE FROM ProcessingJob WHERE processingJobId = 90000");
    await uproot(db, ["generated-7"]);
    expect(await one(db, "SELECT COUNT(*) FROM ProcessingJob")).toBe(Number(before?.n) - 300);
  });

  test("removing after some migrations were undone: existing rows are deleted, missing ones are no error", async () => {
    await using db = await migrated(lane, "official");
    const samples = await one(db, "SELECT COUNT(*) FROM BLSample");
    await grow(db, { jobs: 300 });
    await takeDown(db, { until: { to: "2018_11_01_auto_proc_program_message" } });
    await uproot(db, ["generated-7"]);
    expect(await one(db, "SELECT COUNT(*) FROM BLSample")).toBe(samples);
    expect(await one(db, "SELECT COUNT(*) FROM ispyb_migrate_seed")).toBe(0);
  });

  test("reused ids belong to other rows: neither remove nor seed touches them", async () => {
    await using db = await migrated(lane, "official");
    const programs = await one(db, "SELECT MAX(autoProcProgramId) FROM AutoProcProgram");
    const seeded = await sow(db, ["programs"]);
    const { firstJob } = await grow(db, { jobs: 300 });
    await takeDown(db, { until: { to: "2018_11_01_auto_proc_program_message" } });
    await upgrade(db);
    // The table was made again, and counts from 1; a job is put where one of ours was.
    for (let message = 0; message < 60; message++) {
      await db.query(
        "INSERT INTO AutoProcProgramMessage (autoProcProgramId, severity, message) VALUES (?, 'INFO', 'theirs')",
        [programs],
      );
    }
    await db.query("UPDATE AutoProcProgram SET parentAutoProcProgramId = NULL");
    await db.query("DELETE FROM ProcessingJob WHERE processingJobId = ?", [firstJob + 5]);
    await db.query("INSERT INTO ProcessingJob (processingJobId, dataCollectionId, recipe) VALUES (?, 1, 'theirs')", [
      firstJob + 5,
    ]);
    const theirs = () =>
      Promise.all([
        one(db, "SELECT GROUP_CONCAT(message, recordTimeStamp) FROM AutoProcProgramMessage WHERE message = 'theirs'"),
        one(db, "SELECT COUNT(*) FROM ProcessingJob WHERE recipe = 'theirs'"),
      ]);
    const before = await theirs();
    // Its messages are gone, and are written again.
    expect((await sow(db, ["programs"], { at: "2026-02-01 12:00:00" })).stories[0]?.inserted).toBe(4);
    expect(seeded.stories[0]?.inserted).toBeGreaterThan(4);
    await uproot(db, ["programs", "generated-7"]);
    expect(await theirs()).toEqual(before);
    expect(await one(db, "SELECT COUNT(*) FROM ispyb_migrate_seed")).toBe(0);
  });

  test("only the confirmed rows are removed", async () => {
    await using db = await migrated(lane, "official");
    await grow(db, { jobs: 50 });
    const meanwhile = uproot(db, ["generated-7"], {
      async confirm() {
        await uproot(db, ["generated-7"]);
        await grow(db, { jobs: 60 });
      },
    });
    await expect(meanwhile).rejects.toMatchObject({ code: "CONFLICT", details: { done: "nothing was changed" } });
    expect(await one(db, "SELECT COUNT(*) FROM ProcessingJob")).not.toBe(0);
  });

  test("deleted rows are reported", async () => {
    await using db = await migrated(lane, "official");
    const { firstJob } = await grow(db, { jobs: 100 });
    await db.query("UPDATE AutoProcProgram SET parentAutoProcProgramId = NULL");
    await db.query(`DELETE FROM ProcessingJob WHERE processingJobId BETWEEN ${firstJob} AND ${firstJob + 9}`);
    expect(await generate(await growing(db, { jobs: 100 }))).toMatchObject({ already: 100, there: 90 });
  });
});
