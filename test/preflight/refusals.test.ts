/** What `up` refuses before it changes anything, through the command line, on real servers. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { statements } from "../../src/base/split-script.ts";
import { runCli, runOn } from "../cli/run-cli.ts";
import { type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf, upgrade } from "../support/upgrade.ts";

interface Account {
  readonly user: string;
  readonly password: string;
}

/** Runs, and proves that neither the schema nor the tool's own tables changed. */
async function refused(db: TestDatabase, args: readonly string[], account?: Account) {
  const before = await catalogOf(db);
  const result = await runOn(db, args, account);
  expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
  expect(await db.query("SHOW TABLES LIKE 'ispyb_migrate%'")).toEqual([]);
  expect(result.stdout + result.stderr).not.toContain(db.password);
  return result;
}

/** Runs the statements that `verify` prints, as the stock client would. */
async function runFix(db: TestDatabase, printed: string): Promise<void> {
  const lines = printed.split("\n").filter((line) => /^  (?:fix|   )  /.test(line));
  const parts = statements(lines.map((line) => line.slice(7)).join("\n"));
  expect(parts.length, printed).toBeGreaterThan(0);
  for (const { sql } of parts) await db.query(sql);
}

onEveryServer("refusals", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("a database that is not an ISPyB", async () => {
    await using db = await freshDatabase(lane, "empty");
    await db.query("CREATE TABLE Customer (id int PRIMARY KEY)");
    const result = await refused(db, ["up", "--yes"]);
    expect(result.exit).toBe(4);
    expect(result.stderr).toContain("error NOT_ISPYB: empty is not an ISPyB database");
    expect(result.stderr).toContain("no table DataCollection, DataCollectionGroup, AutoProcProgram");
    expect((await runOn(db, ["status"])).exit).toBe(4);
  });

  test.each<[string, number, string, readonly string[]]>([
    ["an unknown option", 64, "error USAGE: unknown option '--force'", ["up", "--yes", "--force"]],
    [
      "contradictory options",
      64,
      "--url and --database name different databases",
      ["up", "--yes", "--database", "other"],
    ],
    ["no terminal and no --yes", 64, "error NO_TERMINAL", ["up"]],
    ["--json and no --yes", 64, "up asks before it changes anything", ["up", "--json"]],
  ])("%s: the database stays as it is", async (_, exit, words, args) => {
    await using db = await makeDatabase("official");
    const result = await refused(db, args);
    expect(result.exit).toBe(exit);
    expect(result.stderr + result.stdout).toContain(words);
  });

  test("a wrong password, a password in --url, an unknown database, a closed port: nothing is changed", async () => {
    await using db = await freshDatabase(lane, "official");
    const before = await catalogOf(db);
    const place = `${db.host}:${db.port}`;
    const attempts: [string, string, number, string][] = [
      [`mysql://root@${place}/ispyb`, "Wrong-password-1", 78, "error ACCESS_DENIED"],
      [`mysql://root:${db.password}@${place}/ispyb`, "", 64, "error PASSWORD_IN_URL"],
      [`mysql://root@${place}/nowhere`, db.password, 78, "error UNKNOWN_DATABASE"],
      [`mysql://root@${db.host}:1/ispyb`, db.password, 2, "error UNREACHABLE"],
    ];
    for (const [url, password, exit, words] of attempts) {
      const result = await runCli(["up", "--yes", "--url", url], { MYSQL_PWD: password });
      expect(result.stderr).toContain(words);
      expect(result.exit, words).toBe(exit);
      expect(result.stdout + result.stderr).not.toContain(db.password);
    }
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
    expect(await db.query("SHOW TABLES LIKE 'ispyb_migrate%'")).toEqual([]);
  });

  test("a table ProcessingJob with another meaning already exists", async () => {
    await using db = await makeDatabase("official");
    await db.query(
      "CREATE TABLE ProcessingJob (processingJobId varchar(36) NOT NULL PRIMARY KEY, printer int) ENGINE=InnoDB",
    );
    const result = await refused(db, ["up", "--yes"]);
    expect(result.exit).toBe(4);
    expect(result.stderr).toContain("error CONFLICT");
    expect(result.stderr).toContain("column ProcessingJob.processingJobId, type: varchar(36) instead of int unsigned");
    // The same key, which two steps want, is named once.
    expect(result.stderr).toContain(
      "foreign key AutoProcProgram.AutoProcProgram_FK2 needs ProcessingJob.processingJobId",
    );
    expect(result.stderr).not.toContain("AutoProcProgram_fk_processingJobId");
    expect(result.stderr).toContain("nothing was changed");

    const plan = await refused(db, ["plan"]);
    expect(plan.exit).toBe(4);
    expect(plan.stdout).toContain("conflict");
    const verify = await refused(db, ["verify", "--json"]);
    expect(verify.exit).toBe(1);
    expect(JSON.parse(verify.stdout)).toMatchObject({ equal: false });
  });

  test("a table of ours that lacks a part is named with the statement that adds it", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("ALTER TABLE ProcessingJobParameter DROP FOREIGN KEY ProcessingJobParameter_ibfk1");
    const verify = await runOn(db, ["verify"]);
    expect(verify.exit).toBe(1);
    // Two steps want a key on this column: one key is missing, once, under one name.
    expect(verify.stdout.match(/^ {2}different .*/gm)).toEqual([
      expect.stringContaining("foreign key ProcessingJobParameter.ProcessingJobParameter_ibfk1 is missing"),
    ]);
    expect(verify.stdout.match(/ADD CONSTRAINT/g)).toHaveLength(1);
    expect((await runOn(db, ["up", "--yes"])).stderr.match(/foreign key .* is missing/g)).toHaveLength(1);
    await runFix(db, verify.stdout);
    expect((await runOn(db, ["verify"])).exit).toBe(0);
  });

  test("the statements that a conflict prints run as they are printed, in their order", async () => {
    await using db = await makeDatabase("official");
    await db.query(
      "CREATE TABLE ProcessingJob (processingJobId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
        "dataCollectionId int(11) unsigned NULL) ENGINE=MyISAM DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci",
    );
    await db.query(
      "CREATE TABLE ProcessingJobImageSweep (processingJobImageSweepId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
        "processingJobId int unsigned NULL, dataCollectionId int(11) unsigned NULL) " +
        "ENGINE=MyISAM DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci",
    );
    const { stderr } = await refused(db, ["up", "--yes"]);
    expect(stderr).toContain("table ProcessingJob already exists in another form");
    expect(stderr).not.toContain("# afterwards\n  SQL");
    // The second way out of each table; the first one only gives it another name.
    const ways = [...stderr.matchAll(/if a client uses it, change it:\n {2}SQL {5}([^]*?)^ {2}next /gm)];
    const printed = statements(ways.map(([, lines]) => lines).join("\n")).map(({ sql }) => sql);
    expect(printed.filter((sql) => sql.includes("ENGINE=InnoDB")).length, stderr).toBe(2);
    expect(printed.filter((sql) => sql.includes("foreign_key_checks = 0")).length, stderr).toBeGreaterThan(1);
    for (const sql of printed) await db.query(sql);
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit, up.stderr).toBe(0);
  });

  test("a table without its own id: it is added together with a key on it, as the server requires", async () => {
    await using db = await makeDatabase("official");
    await db.query("CREATE TABLE ProcessingJob (printer int) ENGINE=InnoDB DEFAULT CHARSET=latin1");
    const { stderr } = await refused(db, ["up", "--yes"]);
    expect(stderr).toContain("column ProcessingJob.processingJobId is missing");
    expect(stderr).not.toContain("AUTO_INCREMENT, ALGORITHM");
    expect(stderr).toContain("if no client of ISPyB uses table ProcessingJob, give it another name");
    expect(stderr).toContain("NOT NULL AUTO_INCREMENT FIRST, ADD PRIMARY KEY (`processingJobId`);");
  });

  test("a table with another primary key is not told that it has none", async () => {
    await using db = await makeDatabase("official");
    await db.query("CREATE TABLE ProcessingJob (printer int PRIMARY KEY) ENGINE=InnoDB DEFAULT CHARSET=latin1");
    const { stderr } = await refused(db, ["up", "--yes"]);
    expect(stderr).toContain(
      "index ProcessingJob.PRIMARY, columns: PRIMARY KEY (printer) instead of PRIMARY KEY (processingJobId)",
    );
    expect(stderr).not.toContain("index ProcessingJob.PRIMARY is missing");
  });

  test("a column of another form: the advice names the column, and not the table around it", async () => {
    await using db = await makeDatabase("official");
    await db.query("ALTER TABLE AutoProcProgram ADD COLUMN jobUuid int unsigned");
    const { exit, stderr } = await refused(db, ["up", "--yes"]);
    expect(exit).toBe(4);
    expect(stderr).toContain("if no client of ISPyB uses AutoProcProgram.jobUuid, give it another name");
    expect(stderr).not.toMatch(/DROP|RENAME TABLE/);
    await db.query("ALTER TABLE AutoProcProgram DROP COLUMN jobUuid");
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit, up.stderr).toBe(0);
  });

  test("a parent table that no foreign key can refer to", async () => {
    await using db = await makeDatabase("empty");
    await db.query("CREATE TABLE DataCollectionGroup (dataCollectionGroupId int NOT NULL PRIMARY KEY) ENGINE=InnoDB");
    await db.query(
      "CREATE TABLE DataCollection (dataCollectionId int unsigned NOT NULL, dataCollectionGroupId int) ENGINE=InnoDB",
    );
    await db.query("CREATE TABLE AutoProcProgram (autoProcProgramId int unsigned NOT NULL PRIMARY KEY) ENGINE=MyISAM");
    const result = await refused(db, ["up", "--yes"]);
    expect(result.exit).toBe(4);
    expect(result.stderr).toContain(
      "ProcessingJob.ProcessingJob_ibfk1 needs a unique key on DataCollection (dataCollectionId); there is none",
    );
    expect(result.stderr).toContain("table AutoProcProgram, engine: MyISAM instead of InnoDB");
  });

  test("an account that may only read: status, plan and verify work, up prints the GRANT", async () => {
    await using db = await freshDatabase(lane, "official");
    const reader = { user: "reader", password: "Only-reading-1" };
    await db.query(`CREATE USER reader@'%' IDENTIFIED BY '${reader.password}'`);
    await db.query("GRANT SELECT ON ispyb.* TO reader@'%'");
    expect((await refused(db, ["status"], reader)).exit).toBe(1);
    const plan = await refused(db, ["plan"], reader);
    expect(plan.exit, plan.stderr).toBe(0);
    expect(plan.stdout).toContain("34 steps: 21 to run, 12 that an earlier step does, 1 that needs no change");
    expect(plan.stderr).toContain(
      "GRANT INSERT, UPDATE, CREATE, ALTER, INDEX, REFERENCES, CREATE ROUTINE ON `ispyb`.* TO 'reader'@'%';",
    );
    const up = await refused(db, ["up", "--yes"], reader);
    expect(up.exit).toBe(4);
    expect(up.stderr).toContain("error MISSING_PRIVILEGE");
    const grant = /GRANT .*;/.exec(up.stderr)?.[0] ?? "";
    expect(grant).toBe(
      "GRANT INSERT, UPDATE, CREATE, ALTER, INDEX, REFERENCES, CREATE ROUTINE ON `ispyb`.* TO 'reader'@'%';",
    );

    await upgrade(db);
    expect((await runOn(db, ["status"], reader)).exit).toBe(0);
    expect((await runOn(db, ["verify"], reader)).exit).toBe(0);
  });

  test("the printed GRANT is enough", async () => {
    await using db = await freshDatabase(lane, "official");
    const account = { user: "migrator", password: "Only-just-enough-1" };
    await db.query(`CREATE USER migrator@'%' IDENTIFIED BY '${account.password}'`);
    await db.query("GRANT SELECT ON ispyb.* TO migrator@'%'");
    const grant = /GRANT .*;/.exec((await runOn(db, ["up", "--yes"], account)).stderr)?.[0];
    await db.query(grant ?? "");
    const up = await runOn(db, ["up", "--yes"], account);
    expect(up.exit, up.stderr).toBe(0);
  });

  test("privileges of a role count", async () => {
    await using db = await freshDatabase(lane, "official");
    const account = { user: "member", password: "Through-a-role-1" };
    await db.query("CREATE ROLE dba");
    await db.query("GRANT ALL ON `isp_b`.* TO dba");
    await db.query(`CREATE USER member@'%' IDENTIFIED BY '${account.password}'`);
    await db.query("GRANT dba TO member@'%'");
    await db.query(
      lane.vendor === "mariadb" ? "SET DEFAULT ROLE dba FOR member@'%'" : "SET DEFAULT ROLE dba TO member@'%'",
    );
    // Not in a procedure that runs as the account, on MariaDB: its calls would fail.
    if (lane.vendor === "mariadb") {
      const { exit, stderr } = await runOn(db, ["up", "--yes"], account);
      expect(exit).toBe(4);
      expect(stderr).toContain("calls of procedures would fail: they run as member@%");
      await db.query(/GRANT .*;/.exec(stderr)?.[0] ?? stderr);
    }
    const up = await runOn(db, ["up", "--yes"], account);
    expect(up.exit, up.stderr).toBe(0);
  });

  test("the printed GRANT has the pattern of the account's grants, or one that matches only this database", async () => {
    await using db = await freshDatabase(lane, "official");
    for (const [at, entry] of ["`ispyb`", "`isp_b`", "`isp%`", undefined].entries()) {
      const account = { user: `spelt${at}`, password: "Spelt-one-way-1" };
      await db.query(`CREATE USER ${account.user}@'%' IDENTIFIED BY '${account.password}'`);
      await db.query(`GRANT SELECT ON ${entry ?? "*"}.* TO ${account.user}@'%'`);
      const { stderr } = await runOn(db, ["up", "--yes"], account);
      const grant = /GRANT .*;/.exec(stderr)?.[0] ?? stderr;
      expect(grant).toContain(` ON ${entry ?? "`ispyb`"}.* TO `);
      await db.query(grant);
      const plan = await runOn(db, ["plan"], account);
      // PROCESS shows more, and `up` goes without.
      expect(plan.stderr, entry).not.toMatch(/GRANT (?!PROCESS ON)/);
      expect(plan.exit, plan.stderr).toBe(0);
    }
  });

  test("an account that sees only some tables is not told that the others are absent", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const account = { user: "oneeyed", password: "Sees-some-tables-1" };
    await db.query(`CREATE USER oneeyed@'%' IDENTIFIED BY '${account.password}'`);
    for (const table of ["DataCollection", "DataCollectionGroup", "AutoProcProgram"]) {
      await db.query(`GRANT SELECT ON ${db.database}.${table} TO oneeyed@'%'`);
    }
    const verify = await runOn(db, ["verify"], account);
    expect(verify.exit).toBe(4);
    expect(verify.stderr).toContain("this account cannot see the whole database");
    expect(verify.stderr).toContain(`GRANT SELECT ON \`${db.database}\`.* TO 'oneeyed'@'%';`);
  });

  test("a view has the name of a table", async () => {
    await using db = await makeDatabase("official");
    await db.query("CREATE VIEW AutoProcProgramMessage AS SELECT 1 AS autoProcProgramMessageId");
    const result = await refused(db, ["up", "--yes"]);
    expect(result.exit).toBe(4);
    expect(result.stderr).toContain("table AutoProcProgramMessage, kind: a view instead of a table");
  });

  test("another table's foreign key has the name of ours", async () => {
    await using db = await makeDatabase("official");
    await db.query(
      "CREATE TABLE Shelf (job int unsigned, CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (job) REFERENCES DataCollection (dataCollectionId)) ENGINE=InnoDB",
    );
    const result = await refused(db, ["up", "--yes"]);
    expect(result.exit).toBe(4);
    const drop = /ALTER TABLE .*;/.exec(result.stderr)?.[0];
    expect(drop).toBe("ALTER TABLE `Shelf` DROP FOREIGN KEY `ProcessingJob_ibfk1`;");
    await db.query(drop ?? "");
    expect((await runOn(db, ["up", "--yes"])).exit).toBe(0);
  });

  test("a second foreign key on our column that would delete results with a job", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(
      "ALTER TABLE AutoProcProgram ADD CONSTRAINT zz FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId) ON DELETE CASCADE",
    );
    const verify = await runOn(db, ["verify"]);
    expect(verify.exit).toBe(1);
    expect(verify.stdout).toContain(
      "AutoProcProgram has a second foreign key zz on (processingJobId) → ProcessingJob (processingJobId) " +
        "ON DELETE CASCADE; wanted: only one, with ON DELETE SET NULL",
    );
  });

  test("verify finds parameters without a job, whichever step created their key", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const raw = await db.connection();
    await raw.query("SET foreign_key_checks = 0");
    await raw.query("INSERT INTO ProcessingJobParameter (processingJobId, parameterKey) VALUES (7, 'd_min')");
    const verify = await runOn(db, ["verify"]);
    expect(verify.exit).toBe(1);
    expect(verify.stdout).toContain(
      "1 row of ProcessingJobParameter with a processingJobId that does not exist in ProcessingJob",
    );
  });

  test("with partial_revokes a name in a GRANT is not a pattern", async (context) => {
    if (lane.vendor !== "mysql") context.skip();
    await using db = await freshDatabase(lane, "official");
    await db.query("SET GLOBAL partial_revokes = ON");
    await db.query("CREATE USER literal@'%' IDENTIFIED BY 'Taken-literally-1'");
    await db.query("GRANT SELECT ON `isp_b`.* TO literal@'%'");
    for (const table of ["DataCollection", "DataCollectionGroup", "AutoProcProgram"]) {
      await db.query(`GRANT SELECT ON ispyb.${table} TO literal@'%'`);
    }
    const status = await runOn(db, ["status"], { user: "literal", password: "Taken-literally-1" });
    expect(status.exit).toBe(4);
    expect(status.stderr).toContain("this account cannot see the whole database");
  });

  test("a foreign table with the name of the journal is refused", async () => {
    await using db = await makeDatabase("official");
    await db.query("CREATE TABLE ispyb_migrate_journal (a int)");
    const result = await runOn(db, ["up", "--yes"]);
    expect(result.exit).toBe(4);
    expect(result.stderr).toContain(
      "error CONFLICT: the existing table ispyb_migrate_journal was not created by this tool",
    );
  });

  test("a key that was dropped after up is drift; the printed fix counts orphans and adds it; verify sees rows without a parent", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("ALTER TABLE AutoProcProgram DROP FOREIGN KEY AutoProcProgram_FK2");
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit).toBe(4);
    expect(up.stderr).toContain("error DRIFT");
    const verify = await runOn(db, ["verify"]);
    expect(verify.exit).toBe(1);
    expect(verify.stdout).toContain("-- must be 0");
    await runFix(db, verify.stdout);
    expect((await runOn(db, ["verify"])).exit).toBe(0);

    const raw = await db.connection();
    await raw.query("SET foreign_key_checks = 0");
    await raw.query("UPDATE AutoProcProgram SET processingJobId = 99 WHERE autoProcProgramId = 1");
    const orphaned = await runOn(db, ["verify"]);
    expect(orphaned.exit).toBe(1);
    expect(orphaned.stdout).toContain(
      "1 row of AutoProcProgram with a processingJobId that does not exist in ProcessingJob",
    );
  });

  test("orphans prevent a foreign key", async () => {
    await using db = await makeDatabase("official");
    await db.query("ALTER TABLE AutoProcProgram ADD COLUMN processingJobId int unsigned");
    await db.query("UPDATE AutoProcProgram SET processingJobId = 77 WHERE autoProcProgramId IN (1, 2)");
    const result = await refused(db, ["up", "--yes"]);
    expect(result.exit).toBe(4);
    expect(result.stderr).toContain(
      "error ORPHANS: 2 rows of AutoProcProgram with a processingJobId that does not exist in ProcessingJob",
    );
    await db.query("UPDATE AutoProcProgram SET processingJobId = NULL");
    const again = await runOn(db, ["up", "--yes"]);
    expect(again.exit, again.stderr).toBe(0);
  });
});
