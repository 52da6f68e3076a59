/**
 * Disk, log and packets: what a run needs and the server has not is said or refused before the first change. The server's own
 * statistics are set to those of a table that no disk holds.
 */
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { catalogOf } from "../support/upgrade.ts";

/** The table counts as so many rows and pages of 16 kB from now on. */
async function pretend(db: TestDatabase, table: string, rows: number, pages: number): Promise<void> {
  await db.query(`ALTER TABLE ${table} STATS_AUTO_RECALC=0`);
  await db.query(
    `UPDATE mysql.innodb_table_stats SET n_rows = ${rows}, clustered_index_size = ${pages} ` +
      `WHERE database_name = DATABASE() AND table_name = '${table}'`,
  );
  // A server reads them again when it opens a table that it has not seen before, as after RENAME, or after FLUSH (MySQL).
  await db.query(`RENAME TABLE ${table} TO Renamed`);
  await db.query(`RENAME TABLE Renamed TO ${table}`);
  await db.query(`FLUSH TABLE ${table}`);
}

onEveryServer("what a run needs", (lane) => {
  test("room for a new key that surely does not fit: refused; ANALYZE TABLE, which it prints, helps", async () => {
    await using db = await databaseStartedWith(lane, "official", ["--loose-information-schema-stats-expiry=0"]);
    await pretend(db, "AutoProcProgram", 2 ** 50, 2 ** 40);
    const before = await catalogOf(db);
    const refused = await runOn(db, ["up", "--yes"]);
    expect([refused.exit, refused.stderr]).toEqual([
      4,
      expect.stringContaining("the server has no room to change AutoProcProgram"),
    ]);
    expect(refused.stderr).toMatch(/found\s+\d.* free in \/.* \(datadir\)/);
    expect(await catalogOf(db)).toEqual(before);
    const plan = await runOn(db, ["plan"]);
    expect(plan.stderr).toContain("`up` would refuse now: the server has no room to change AutoProcProgram");
    await db.query(/ANALYZE TABLE [^;]*;/.exec(refused.stderr)?.[0] ?? expect.fail(refused.stderr));
    const done = await runOn(db, ["up", "--yes"]);
    expect([done.exit, done.stderr]).toEqual([0, expect.not.stringContaining("free in")]);
  });

  test("a log that the writers of now would fill: said by plan and up, with the command; a larger one needs no word", async () => {
    const args = ["--loose-information-schema-stats-expiry=0", "--innodb-online-alter-log-max-size=65536"];
    await using db = await databaseStartedWith(lane, "official", args);
    await pretend(db, "AutoProcProgram", 1000, 100_000);
    await db.query("CREATE TABLE Busy (id int AUTO_INCREMENT PRIMARY KEY, what varchar(255))");
    const stop = new AbortController();
    const writer = (async () => {
      while (!stop.signal.aborted) {
        await db.query(`INSERT INTO Busy (what) VALUES ${Array(200).fill("(REPEAT('x', 200))").join(", ")}`);
      }
    })();
    try {
      const plan = await runOn(db, ["plan"]);
      expect(plan.stderr).toMatch(
        /the server writes [\d.]+ [kM]B a second now\. If all of it goes into AutoProcProgram/,
      );
      await db.query(
        /SET GLOBAL innodb_online_alter_log_max_size = \d+;/.exec(plan.stderr)?.[0] ?? expect.fail(plan.stderr),
      );
      const up = await runOn(db, ["up", "--yes"]);
      expect([up.exit, up.stderr]).toEqual([0, expect.not.stringContaining("online_alter_log")]);
    } finally {
      stop.abort();
      await writer;
    }
  });

  // MySQL's own list of roles needs longer packets than our longest procedure: with less, no plan is read.
  test.runIf(lane.vendor === "mariadb")(
    "a packet for the longest procedure: refused with the setting that helps",
    async () => {
      await using db = await databaseStartedWith(lane, "official", ["--max-allowed-packet=12288"]);
      const before = await catalogOf(db);
      const refused = await runOn(db, ["up", "--yes"]);
      expect([refused.exit, refused.stderr]).toEqual([
        4,
        expect.stringContaining("longer than a packet that the server takes"),
      ]);
      expect(await catalogOf(db)).toEqual(before);
      await db.query(/SET GLOBAL max_allowed_packet = \d+;/.exec(refused.stderr)?.[0] ?? expect.fail(refused.stderr));
      const done = await runOn(db, ["up", "--yes"]);
      expect([done.exit, done.stderr]).toEqual([0, expect.any(String)]);
    },
  );
});
