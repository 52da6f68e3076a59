/**
 * Every way in which a kill and the statements of a run can overtake each other. Each one is forced: a
 * statement or a KILL QUERY is held back until the other one is where the test wants it.
 */
import { readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import { intercept } from "../../src/db/intercept.ts";
import { MigrateError } from "../../src/errors.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { killOnSignal } from "../../src/run/kill-on-signal.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { connectWith, twoSignals } from "../support/sessions.ts";
import { journalOf, takeDown, targetOf, upgrade } from "../support/upgrade.ts";
import { within } from "../support/within.ts";

/** Ends by a kill alone, and says so on every server: a SLEEP by itself would not. */
const endless = "SELECT 1 FROM (SELECT 1 AS n UNION ALL SELECT 2) AS twice WHERE SLEEP(3600)";

const stopped = (done: string) => new MigrateError("INTERRUPTED", "stopped on request", { done });

interface Sessions extends AsyncDisposable {
  readonly main: Db;
  readonly watchdog: Db;
}

async function sessions(db: TestDatabase): Promise<Sessions> {
  const [main, watchdog] = await Promise.all([connect(targetOf(db)), connect(targetOf(db), "watchdog")]);
  return {
    main,
    watchdog,
    async [Symbol.asyncDispose]() {
      // A statement that was not killed must not hold up the end of the test.
      main.destroy();
      await watchdog[Symbol.asyncDispose]();
    },
  };
}

onEveryServer("a kill", (lane) => {
  test("that reaches the server before its statement still ends it", async () => {
    await using db = await freshDatabase(lane, "empty");
    await using both = await sessions(db);
    const { killNow, ...signals } = twoSignals();
    const tooEarly = Promise.withResolvers<void>();
    const main = intercept(both.main, async (_, send) => {
      killNow();
      await tooEarly.promise;
      return send();
    });
    const watchdog = intercept(both.watchdog, async (_, send) => {
      const answer = await send();
      tooEarly.resolve();
      return answer;
    });
    const run = killOnSignal({ main, watchdog, signals }, stopped, (each) => each.main.rows(endless));
    await expect(within(run, "the end of the statement")).rejects.toMatchObject({
      code: "INTERRUPTED",
      details: { done: "the running statement was ended on the server" },
    });
  });

  test("that comes too late for its statement ends no other one", async () => {
    await using db = await freshDatabase(lane, "empty");
    await using both = await sessions(db);
    const { killNow, ...signals } = twoSignals();
    const isDone = Promise.withResolvers<void>();
    const isNextSent = Promise.withResolvers<void>();
    const main = intercept(both.main, async (sql, send) => {
      if (sql === "SELECT 2 AS n, SLEEP(1)") isNextSent.resolve();
      else killNow();
      return send();
    });
    const watchdog = intercept(both.watchdog, async (_, send) => {
      await isDone.promise;
      // A next statement that did not wait for the kill would be running by then.
      await Promise.race([isNextSent.promise.then(() => sleep(300)), sleep(500)]);
      return send();
    });
    const run = killOnSignal({ main, watchdog, signals }, stopped, async (each) => {
      await each.main.rows("SELECT 1");
      isDone.resolve();
      return each.main.rows("SELECT 2 AS n, SLEEP(1)");
    });
    expect(await within(run, "the end of the statement")).toEqual([{ n: 2, "SLEEP(1)": 0 }]);
  });

  test("after a change and before its answer: the change stays recorded as ours", async () => {
    await using db = await freshDatabase(lane, "official");
    const { killNow, ...signals } = twoSignals();
    const creates = "CREATE TABLE `ProcessingJob` ";
    const run = upgrade(db, {
      signals,
      connect: connectWith(db, (main) => async (sql, send) => {
        const answer = await send();
        if (!sql.startsWith(creates)) return answer;
        // The server has made the table, and is still busy with the statement when the kill comes.
        killNow();
        return (await main.rows(endless)) as never;
      }),
    });
    await expect(within(run, "the end of the run")).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(await db.query("SHOW TABLES LIKE 'ProcessingJob'")).toHaveLength(1);
    expect((await journalOf(db)).map(({ state }) => state)).toEqual(["intended"]);
    await upgrade(db);
    expect((await journalOf(db)).find(({ step }) => step === 1)).toMatchObject({ state: "done" });
  });

  test("between two statements that read rows for the save file: the table is restored, and no file is left", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await temporaryFolder();
    const migrations = (await loadMigrations()).slice(0, 1);
    await upgrade(db, { migrations });
    await db.query("INSERT INTO ProcessingJob (processingJobId) VALUES (7)");
    const { killNow, ...signals } = twoSignals();
    const run = takeDown(db, {
      migrations,
      saveTo: folder.path,
      signals,
      connect: connectWith(db, () => async (sql, send) => {
        const answer = await send();
        // The file is written meanwhile, and the server has nothing to do.
        if (sql.includes(" AS v0")) killNow();
        return answer;
      }),
    });
    await expect(within(run, "the end of the run")).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(await db.query("SHOW TABLES LIKE '%aside%'")).toEqual([]);
    expect(await db.query("SELECT processingJobId FROM ProcessingJob")).toEqual([{ processingJobId: 7 }]);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("between two attempts to drop a table that is set aside: it is restored, and there is no third attempt", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await temporaryFolder();
    const migrations = (await loadMigrations()).slice(0, 1);
    await upgrade(db, { migrations });
    await db.query("INSERT INTO ProcessingJob (processingJobId) VALUES (7)");
    await db.query("INSERT INTO ProcessingJobParameter (processingJobId) VALUES (7)");
    const { killNow, ...signals } = twoSignals();
    const reader = await db.connection();
    const drops: string[] = [];
    const run = takeDown(db, {
      migrations,
      saveTo: folder.path,
      signals,
      connect: connectWith(db, () => async (sql, send) => {
        if (sql.startsWith("DROP TABLE")) {
          const [table] = /`[^`]+`/.exec(sql) ?? [];
          if (drops.push(sql) === 1) {
            await reader.query("START TRANSACTION");
            await reader.query(`SELECT * FROM ${table}`);
          }
        }
        if (sql.startsWith("RENAME TABLE") && drops.length > 0) await reader.query("ROLLBACK");
        return send();
      }),
      progress: (event) => (event.kind === "waiting" ? killNow() : undefined),
    });
    await expect(within(run, "the end of the run")).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(drops).toHaveLength(1);
    expect(await db.query("SHOW TABLES LIKE '%aside%'")).toEqual([]);
    expect(await db.query("SELECT processingJobId FROM ProcessingJobParameter")).toEqual([{ processingJobId: 7 }]);
    await takeDown(db, { migrations, saveTo: folder.path });
    expect(await db.query("SHOW TABLES LIKE 'ProcessingJob%'")).toEqual([]);
  });
});
