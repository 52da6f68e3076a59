/** Other sessions that work on the database, and a run that has to wait for them. */
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { type Started, startOn } from "../cli/spawn-cli.ts";
import { untilWaiting } from "../procedures/until-waiting.ts";
import { type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { journalOf, migrationNames, upgrade } from "../support/upgrade.ts";
import { until } from "../support/within.ts";

/** Resolves with the first line of progress that matches. */
async function line({ child }: Started, wanted: RegExp): Promise<string> {
  for await (const each of createInterface({ input: child.stderr ?? process.stdin }))
    if (wanted.test(each)) return each;
  throw new Error(`the program ended without a line like ${wanted}`);
}

/** A transaction that has read the table, and keeps its metadata locked. It would read newer rows: it is no dump. */
async function openTransaction(db: TestDatabase) {
  const raw = await db.connection();
  await raw.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  await raw.query("START TRANSACTION");
  await raw.query("SELECT COUNT(*) FROM AutoProcProgram");
  return raw;
}

/** Enough rows for an index to take its time. */
async function fill(db: TestDatabase): Promise<void> {
  for (let doubled = 0; doubled < 17; doubled++) {
    await db.query(
      "INSERT INTO AutoProcProgram (dataCollectionId, processingCommandLine) SELECT dataCollectionId, processingCommandLine FROM AutoProcProgram",
    );
  }
}

/** Resolves while the server is building the index. */
async function altering(db: TestDatabase): Promise<void> {
  const sql = "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'ALTER TABLE `AutoProcProgram` ADD KEY%'";
  await until(async () => (await db.query(sql)).length > 0, "the server to build the index", 10);
}

onEveryServer(
  "waiting",
  (lane) => {
    test("a run names an open transaction and waits for it, but never queues behind it for long", async () => {
      await using db = await freshDatabase(lane, "official");
      const reader = await openTransaction(db);
      const reasons: string[] = [];
      const result = await upgrade(db, {
        progress(event) {
          if (event.kind !== "waiting") return;
          reasons.push(event.reason);
          if (reasons.length === 2) void reader.query("COMMIT");
        },
      });
      expect(result.recorded).toEqual(await migrationNames());
      // A transaction that was open for less than a second is no candidate yet: then the second line names it.
      expect(reasons.join("\n")).toMatch(
        /AutoProcProgram.* is in use; candidates: connection \d+ \(root@.*\) has a transaction open for \d+ s/,
      );
      expect(reasons).toHaveLength(2);
    });

    test("Ctrl-C while waiting: exit 130, everything before is recorded, the next run continues", async () => {
      await using db = await freshDatabase(lane, "official");
      const reader = await openTransaction(db);
      const run = startOn(db, ["up", "--yes"]);
      await line(run, /is in use/);
      run.child.kill("SIGINT");
      expect((await run.ended).exit).toBe(130);
      const journal = await journalOf(db);
      expect(journal.filter((row) => row["state"] === "done").length).toBeGreaterThan(0);
      expect(await db.query("SELECT owner FROM ispyb_migrate_lease")).toEqual([{ owner: null }]);

      await reader.query("COMMIT");
      const again = await runOn(db, ["up", "--yes"]);
      expect(again.exit, again.stderr).toBe(0);
    });

    test("Ctrl-C twice ends the statement that runs on the server", async () => {
      await using db = await freshDatabase(lane, "official");
      await fill(db);
      const run = startOn(db, ["up", "--yes"]);
      await altering(db);
      run.child.kill("SIGINT");
      run.child.kill("SIGTERM");
      const ended = await run.ended;
      expect(ended.exit).toBe(130);
      expect(ended.stderr).toContain("was ended on the server");
      expect(
        await db.query("SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE INFO LIKE 'ALTER%'"),
      ).toEqual([{ n: 0 }]);
      const states = new Set((await journalOf(db)).map((row) => row["state"]));
      expect(states).toEqual(new Set(["done", "not done"]));
      expect((await upgrade(db)).verification.differences).toEqual([]);
    });

    test("after a stop was asked for, no further statement is sent", async () => {
      await using db = await freshDatabase(lane, "official");
      const [stop, kill] = [new AbortController(), new AbortController()];
      const titles: string[] = [];
      const run = upgrade(db, {
        signals: { stop: stop.signal, kill: kill.signal },
        progress(event) {
          if (event.kind !== "running") return;
          titles.push(event.title);
          stop.abort();
          kill.abort();
        },
      });
      await expect(run).rejects.toMatchObject({ code: "INTERRUPTED" });
      expect(titles).toEqual(["create table ProcessingJob"]);
      expect(await db.query("SHOW TABLES LIKE 'ProcessingJob'")).toEqual([]);
      expect((await journalOf(db)).map((row) => row["state"])).toEqual(["not done"]);
    });

    test("kill -9 while the server builds an index: the next run waits for the server, and finds its own work", async () => {
      await using db = await freshDatabase(lane, "official");
      await fill(db);
      const run = startOn(db, ["up", "--yes"]);
      await altering(db);
      run.child.kill("SIGKILL");
      await run.ended;
      const result = await upgrade(db);
      expect(result.verification.differences).toEqual([]);
      const key = (await journalOf(db)).filter((row) =>
        String(row["what"]).startsWith("add key AutoProcProgram.AutoProcProgram_FK2"),
      );
      expect(key.map((row) => row["state"])).toEqual(["done"]);
    });

    // The second run waits fifteen seconds before it gives up.
    test("a live run keeps other runs out: exit 3, and its account is named", async () => {
      await using db = await freshDatabase(lane, "official");
      const reader = await openTransaction(db);
      const first = startOn(db, ["up", "--yes"]);
      await line(first, /is in use/);
      const status = await runOn(db, ["status", "--json"]);
      expect(JSON.parse(status.stdout)).toMatchObject({ lease: { expired: false } });
      const second = await runOn(db, ["up", "--yes"]);
      expect(second.exit, second.stderr).toBe(3);
      expect(second.stderr).toContain("error LEASE_HELD: another run is changing this database");
      await reader.query("COMMIT");
      expect((await first.ended).exit).toBe(0);
    });

    test("the server still runs the statement of a client that is gone: the next run waits for it", async () => {
      await using db = await freshDatabase(lane, "official");
      // A run that is cut off after it took the lease …
      await upgrade(db, {
        progress: () => {
          throw new Error("cut off");
        },
      }).catch(() => undefined);
      // … but its session continues on the server.
      const left = await db.connection();
      const [row] = await db.query<{ name: string }>(
        "SELECT CONCAT('ispyb_migrate:', LEFT(SHA2(DATABASE(), 256), 40)) AS name",
      );
      await left.query("SELECT GET_LOCK(?, 0)", [row?.name ?? ""]);
      // The lease as a killed run leaves it: its time is not over, but no heartbeat comes any more.
      await db.query(
        "UPDATE ispyb_migrate_lease SET owner = 'gone', holder = 'gone', connection_id = ?, " +
          "heartbeat_at = UTC_TIMESTAMP(6) - INTERVAL 20 SECOND, expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR",
        [left.threadId],
      );
      // It waits for a row until the run has waited for it: a statement that sleeps would see that its client is gone.
      const holder = await db.connection();
      await db.query("CREATE DATABASE elsewhere");
      await db.query("CREATE TABLE elsewhere.busy ENGINE=InnoDB SELECT 1 AS n");
      await holder.query("START TRANSACTION");
      await holder.query("SELECT n FROM elsewhere.busy FOR UPDATE");
      await left.query("SET SESSION innodb_lock_wait_timeout = 3600");
      const busy = left.query("SELECT n FROM elsewhere.busy FOR UPDATE").catch(() => undefined);
      await untilWaiting(db, left, busy);
      left.destroy();
      const reasons: string[] = [];
      const result = await upgrade(db, {
        progress(event) {
          if (event.kind !== "waiting") return;
          reasons.push(event.reason);
          void holder.query("ROLLBACK");
        },
      });
      await busy;
      expect(reasons[0]).toMatch(/still executing a statement of a run that has ended/);
      expect(result.verification.differences).toEqual([]);
    });

    test("a lease that came with a copy from another server is ignored", async () => {
      await using db = await upgradedDatabase(lane, "official");
      await db.query("DELETE FROM ispyb_migrate_journal");
      await db.query(
        "UPDATE ispyb_migrate_lease SET owner = 'elsewhere', identity = 'another server', node = 'another server', " +
          "expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR",
      );
      const result = await upgrade(db);
      expect(result.recorded).toEqual(await migrationNames());
      expect(new Set((await journalOf(db)).map((entry) => entry["state"]))).toEqual(new Set(["found"]));
    });
  },
  { sideBySide: true },
);
