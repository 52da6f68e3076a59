/** What a facility has built on our objects outside of its tables: named by `down` before anything is changed. */
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { type Lane, type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";

const down = ["down", "--yes", "--to", "2017_10_16_1_processing_job_tables", "--allow-data-loss"];
const account = { user: "migrator", password: "Sees-only-this-1" };

interface Outcome {
  readonly mentions: readonly string[];
  readonly notVisible: readonly string[];
}

/** What the document of a `down` says that was run to its end, or the refusal. */
async function takenDown(db: TestDatabase, by: { user: string; password: string } = db): Promise<Outcome> {
  const { exit, stdout, stderr } = await runOn(db, [...down, "--json"], by);
  expect(exit, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as Outcome;
}

/** By an account that sees this database alone. */
async function upgradedBy(lane: Lane): Promise<TestDatabase> {
  const db = await freshDatabase(lane, "official");
  await db.query(`CREATE USER migrator@'%' IDENTIFIED BY '${account.password}'`);
  await db.query(`GRANT ALL ON ${db.database}.* TO migrator@'%'`);
  const up = await runOn(db, ["up", "--yes"], account);
  expect(up.exit, up.stderr).toBe(0);
  return db;
}

/** In this database and in another one, with what only looks like a use. */
async function build(db: TestDatabase): Promise<void> {
  const here = db.database;
  const each = [
    "CREATE DATABASE reports",
    `CREATE VIEW reports.jobs AS SELECT recipe FROM ${here}.ProcessingJob`,
    `CREATE VIEW reports.uuids AS SELECT HEX(jobUuid) AS uuid FROM ${here}.AutoProcProgram`,
    `CREATE VIEW reports.programs AS SELECT processingPrograms FROM ${here}.AutoProcProgram`,
    "CREATE TABLE reports.ProcessingJob (jobUuid int)",
    "CREATE PROCEDURE reports.own() SELECT jobUuid FROM reports.ProcessingJob",
    `CREATE PROCEDURE reports.calls() CALL ${here} . upsert_processing_job_parameter(NULL, 1, 'a', 'b')`,
    `CREATE TRIGGER reports.copied AFTER INSERT ON reports.ProcessingJob FOR EACH ROW DELETE FROM \`${here}\`.\`ProcessingJobParameter\``,
    "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM ProcessingJobImageSweep",
    "CREATE FUNCTION latest() RETURNS int READS SQL DATA RETURN (SELECT MAX(processingJobId) FROM ProcessingJob)",
    "CREATE PROCEDURE uuids() SELECT jobUuid FROM AutoProcProgram",
    "CREATE PROCEDURE other_things() SELECT processingPrograms FROM AutoProcProgram",
    "CREATE FUNCTION ProcessingJobs() RETURNS int RETURN 1",
  ];
  await db.query("SET GLOBAL log_bin_trust_function_creators = 1");
  for (const sql of each) await db.query(sql);
}

const mentions = [
  "view reports.jobs mentions ProcessingJob",
  "view reports.uuids mentions AutoProcProgram.jobUuid",
  "trigger reports.copied mentions ProcessingJobParameter",
  "event nightly mentions ProcessingJobImageSweep",
  "function latest mentions ProcessingJob",
  "procedure uuids mentions AutoProcProgram.jobUuid",
  "procedure reports.calls mentions procedure upsert_processing_job_parameter",
];

onEveryServer("dependants of what goes", (lane) => {
  test("are named: of this database and of others", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await build(db);
    const outcome = await takenDown(db);
    expect(outcome.notVisible).toEqual([]);
    expect(outcome.mentions.toSorted()).toEqual(mentions.toSorted());
  });

  test("an account that cannot see them is told so, and each GRANT shows what it is printed for", async () => {
    await using db = await upgradedBy(lane);
    await db.query(`REVOKE EVENT ON ${db.database}.* FROM migrator@'%'`);
    await build(db);
    // Without --yes and without a terminal it ends at the question.
    const asking = down.filter((word) => word !== "--yes");
    const asked = await runOn(db, asking, account);
    const grants = asked.stderr.match(/GRANT .*;/g) ?? [];
    // Five for what uses these objects, and one for what the server receives from another.
    expect(grants.length, asked.stderr).toBe(6);
    for (const sql of grants) await db.query(sql);
    const again = await runOn(db, asking, account);
    expect(again.stderr).not.toContain("not visible");
    for (const mention of mentions) expect(again.stderr).toContain(mention);
  });

  test("a foreign key of another database that only PROCESS shows is refused before anything is changed", async () => {
    await using db = await upgradedBy(lane);
    await db.query("CREATE DATABASE `our-own`");
    await db.query(
      "CREATE TABLE `our-own`.note (job int unsigned, CONSTRAINT of_job FOREIGN KEY (job) " +
        `REFERENCES ${db.database}.ProcessingJob (processingJobId)) ENGINE=InnoDB`,
    );
    await db.query("GRANT PROCESS ON *.* TO migrator@'%'");
    const refused = await runOn(db, down, account);
    expect(refused.exit, refused.stderr).toBe(4);
    expect(refused.stderr).toContain("cannot undo what other databases refer to");
    expect(refused.stderr).toContain("our-own.note.of_job refers to ProcessingJob");
    expect(await db.query("SHOW PROCEDURE STATUS WHERE Db = DATABASE()")).not.toEqual([]);
  });
});
