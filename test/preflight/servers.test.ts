/** States of a server and of an account that would stop a run half-way: refused before the first change, with what helps. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { runOn } from "../cli/run-cli.ts";
import { databaseStartedWith } from "../support/own-server.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { catalogOf } from "../support/upgrade.ts";

const limited = { user: "limited", password: "Has-limits-1" };

async function toolTables(db: TestDatabase): Promise<unknown[]> {
  return db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'");
}

onEveryServer("limits of an account", (lane) => {
  test.each([
    ["MAX_USER_CONNECTIONS 1", "MAX_USER_CONNECTIONS 3"],
    ["MAX_QUERIES_PER_HOUR 300", "MAX_QUERIES_PER_HOUR 5000"],
    ["MAX_UPDATES_PER_HOUR 30", "MAX_UPDATES_PER_HOUR 2000"],
    ["MAX_CONNECTIONS_PER_HOUR 1", "MAX_CONNECTIONS_PER_HOUR 3"],
    ["MAX_UPDATES_PER_HOUR 30 MAX_USER_CONNECTIONS 1", "MAX_USER_CONNECTIONS 3 MAX_UPDATES_PER_HOUR 2000"],
  ])("%s is refused before the first change, and the printed statements are enough", async (limit, enough) => {
    await using db = await freshDatabase(lane, "official");
    await db.query(`CREATE USER limited@'%' IDENTIFIED BY '${limited.password}' WITH ${limit}`);
    await db.query("GRANT ALL ON ispyb.* TO limited@'%'");
    const refused = await runOn(db, ["up", "--yes"], limited);
    expect(refused.exit, refused.stderr).toBe(4);
    expect(refused.stderr).toContain("a limit of this account is too low for a run");
    expect(refused.stderr).toContain(`ALTER USER 'limited'@'%' WITH ${enough};`);
    expect(await toolTables(db)).toEqual([]);
    for (const each of refused.stderr.match(/(?:ALTER|FLUSH) USER[^;]*;/g) ?? []) await db.query(each);
    const done = await runOn(db, ["up", "--yes"], limited);
    expect(done.exit, done.stderr).toBe(0);
  });

  test("limits that are high enough refuse nothing", async () => {
    await using db = await freshDatabase(lane, "official");
    const limits =
      "MAX_USER_CONNECTIONS 3 MAX_QUERIES_PER_HOUR 5000 MAX_UPDATES_PER_HOUR 2000 MAX_CONNECTIONS_PER_HOUR 9";
    await db.query(`CREATE USER limited@'%' IDENTIFIED BY '${limited.password}' WITH ${limits}`);
    await db.query("GRANT ALL ON ispyb.* TO limited@'%'");
    const done = await runOn(db, ["up", "--yes"], limited);
    expect(done.exit, done.stderr).toBe(0);
  });
});

onEveryServer("a table that the server cannot open", (lane) => {
  async function refused(db: TestDatabase, table: string): Promise<void> {
    const result = await runOn(db, ["up", "--yes"]);
    expect(result.exit, result.stderr).toBe(4);
    expect(result.stderr).toContain(`error CONFLICT: the server cannot read table ${table}\n`);
    expect(result.stderr).toContain(`ALTER TABLE \`${table}\` IMPORT TABLESPACE;`);
    expect(result.stderr).toContain("nothing was changed");
    expect(await toolTables(db)).toEqual([]);
    const plan = await runOn(db, ["plan"]);
    expect([plan.exit, plan.stderr]).toEqual([0, expect.stringContaining(`the server cannot read table ${table}`)]);
  }

  test.each(["AutoProcProgramAttachment", "AutoProcProgram", "DataCollection"])(
    "%s without its tablespace",
    async (table) => {
      await using db = await freshDatabase(lane, "official");
      await db.query("SET foreign_key_checks = 0");
      await db.query(`ALTER TABLE ${table} DISCARD TABLESPACE`);
      await refused(db, table);
    },
  );

  test("a table that no migration touches refuses nothing", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("SET foreign_key_checks = 0");
    await db.query("CREATE TABLE Spare (id int PRIMARY KEY) ENGINE=InnoDB");
    await db.query("ALTER TABLE Spare DISCARD TABLESPACE");
    const done = await runOn(db, ["up", "--yes"]);
    expect(done.exit, done.stderr).toBe(0);
  });
});

onEveryServer("a server that was started in a special way", (lane) => {
  // The test server of MySQL gets its password when it starts, which it could not write then.
  test.skipIf(lane.vendor === "mysql")("innodb_read_only is a read-only server", async () => {
    await using db = await databaseStartedWith(lane, "official", ["--innodb-read-only=1"]);
    expect((await runOn(db, ["status"])).exit).toBe(1);
    const { exit, stderr } = await runOn(db, ["up", "--yes"]);
    expect([exit, stderr]).toEqual([4, expect.stringContaining("error SERVER_READ_ONLY: this server is read-only\n")]);
  });

  // MySQL listens on no port then, and lets no account in by a password.
  test.skipIf(lane.vendor === "mysql")(
    "--skip-grant-tables: reading works, up is refused, and FLUSH PRIVILEGES helps",
    async () => {
      await using db = await databaseStartedWith(lane, "official", ["--skip-grant-tables"]);
      const before = await catalogOf(db);
      for (const [args, exit] of [
        [["status"], 1],
        [["plan"], 0],
        [["verify"], 1],
      ] as const) {
        const read = await runOn(db, args);
        expect(read.exit, read.stderr).toBe(exit);
      }
      const refused = await runOn(db, ["up", "--yes"]);
      expect(refused.exit, refused.stderr).toBe(4);
      expect(refused.stderr).toContain("it runs with --skip-grant-tables");
      expect(refused.stderr).toContain("FLUSH PRIVILEGES;");
      expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
      await db.query("FLUSH PRIVILEGES");
      // The password of root is lost, which is the usual reason for such a server.
      await db.query(`CREATE USER limited@'%' IDENTIFIED BY '${limited.password}'`);
      await db.query("GRANT ALL ON ispyb.* TO limited@'%'");
      const done = await runOn(db, ["up", "--yes"], limited);
      expect(done.exit, done.stderr).toBe(0);
    },
  );
});

onEveryServer("system tables of an older version", (lane) => {
  test.skipIf(lane.vendor === "mysql").each([
    ["of other columns", "ALTER TABLE mysql.proc DROP COLUMN aggregate"],
    ["that are missing", "DROP TABLE mysql.proc"],
  ])("mysql.proc %s: the command that upgrades them is named", async (_, statement) => {
    await using db = await freshDatabase(lane, "official");
    await db.query(statement);
    for (const args of [["status"], ["up", "--yes"]]) {
      const { exit, stderr } = await runOn(db, args);
      expect(exit, stderr).toBe(2);
      expect(stderr).toContain("the server's own tables do not fit its version");
      expect(stderr).toMatch(/next {4}mariadb-upgrade/);
    }
    expect(await toolTables(db)).toEqual([]);
  });
});

onEveryServer("a table without its file", (lane) => {
  // MySQL ends itself when it misses such a file.
  test.skipIf(lane.vendor === "mysql")("is named, with the statement that shows the damage", async () => {
    await using db = await freshDatabase(lane, "official");
    const [row] = await db.query<{ folder: string }>("SELECT @@datadir AS folder");
    await db.query("FLUSH TABLES");
    await rm(join(row?.folder ?? "", "ispyb", "AutoProcProgram.ibd"));
    // A background thread may still have the table open: the file is missed when it is opened next.
    for (let tries = 0, isMissed = false; !isMissed && tries < 50; tries++) {
      await db.query("FLUSH TABLES");
      isMissed = await db.query("SELECT 1 FROM AutoProcProgram LIMIT 1").then(
        () => false,
        () => true,
      );
      if (!isMissed) await sleep(100);
    }
    for (const args of [["status"], ["up", "--yes"]]) {
      const { exit, stderr } = await runOn(db, args);
      expect(exit, stderr).toBe(2);
      expect(stderr).toMatch(/CHECK TABLE `AutoProcProgram`;/);
    }
    expect(await toolTables(db)).toEqual([]);
  });
});

onEveryServer("tables in small letters on a server that tells them from capitals", (lane) => {
  test("each command names the tables and their right names, and the printed statements are enough", async () => {
    await using db = await freshDatabase(lane, "official");
    const tables = await db.query<{ name: string }>(
      "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
    );
    const capital = tables.map(({ name }) => name).filter((name) => name !== name.toLowerCase());
    for (const name of capital) await db.query(`RENAME TABLE \`${name}\` TO \`${name.toLowerCase()}\``);
    for (const args of [["status"], ["plan"], ["verify"], ["up", "--yes"]]) {
      const { exit, stderr } = await runOn(db, args);
      expect(exit, stderr).toBe(4);
      expect(stderr).toContain("error NOT_ISPYB: ispyb spells the tables of ISPyB in another way\n");
      expect(stderr).toContain("RENAME TABLE `datacollection` TO `DataCollection`;");
    }
    const { stderr } = await runOn(db, ["up", "--yes"]);
    const printed = stderr.match(/RENAME TABLE [^;]*;/g) ?? [];
    for (const each of printed) await db.query(each);
    const done = await runOn(db, ["up", "--yes"]);
    expect(done.exit, done.stderr).toBe(0);
  });

  test("another database keeps its own error", async () => {
    await using db = await freshDatabase(lane, "empty");
    const { exit, stderr } = await runOn(db, ["status"]);
    expect([exit, stderr]).toEqual([4, expect.stringContaining("error NOT_ISPYB: empty is not an ISPyB database\n")]);
  });
});
