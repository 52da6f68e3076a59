/** Changes that are joined into one statement: the plan and the run agree about them. */
import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { type Migration, loadMigrations } from "../../src/plan/load-migrations.ts";
import { readPlan } from "../../src/plan/read-plan.ts";
import { addColumn, changeColumn, column } from "../../src/steps/define.ts";
import { runOn } from "../cli/run-cli.ts";
import { probe, withProbe } from "../migrate/probe.ts";
import { type TestDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { journalOf, targetOf, upgrade } from "../support/upgrade.ts";

/** The statement of every pending step: its own, or the one that includes it. */
async function planned(db: TestDatabase, migrations: readonly Migration[]) {
  await using session = await connect(targetOf(db));
  const steps = (await readPlan(session, migrations)).migrations.flatMap((each) => each.steps);
  const ownOf = ({ migration, number }: { migration: string; number: number }) =>
    steps.find((each) => each.migration === migration && each.number === number)?.statement?.sql;
  return steps.map((step) => ({
    migration: step.migration,
    step: step.number,
    statement: ownOf(step.madeWith ?? step),
  }));
}

onEveryServer("together", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("the run sends what the plan shows; a changed column is not joined", async () => {
    await using db = await makeDatabase("official");
    const migrations = await withProbe(
      addColumn("ProcessingJob", column("probe", "int unsigned")),
      // Instant on MariaDB.
      changeColumn("ProcessingJob", column("displayName", "varchar(200)")),
    );
    await upgrade(db, { to: "2026_07_03_processing_job_delete_rules" });
    const plan = (await planned(db, migrations)).filter(({ migration }) => migration === probe);
    await upgrade(db, { migrations });
    const sent = (await journalOf(db)).filter((row) => row["migration"] === probe && row["step"] !== 0);
    expect(sent).toMatchObject(plan);
    expect(plan[0]?.statement).not.toBe(plan[1]?.statement);
  });

  test.each<[state: string, sql: string]>([
    ["beside a FULLTEXT key", "ALTER TABLE AutoProcProgram ADD FULLTEXT KEY words (processingMessage)"],
    ["in a compressed table", "ALTER TABLE AutoProcProgram ROW_FORMAT=COMPRESSED"],
  ])("columns that cannot be instant join: one rebuild %s", async (_, sql) => {
    await using db = await makeDatabase("official");
    await db.query(sql);
    const steps = (plan: Awaited<ReturnType<typeof planned>>) =>
      plan.filter(({ statement }) => statement?.includes("`AutoProcProgram` ADD COLUMN"));
    const shown = steps(await planned(db, await loadMigrations()));
    expect(shown.length).toBe(4);
    expect(new Set(shown.map(({ statement }) => statement)).size).toBe(1);
    expect(shown[0]?.statement).not.toContain("INSTANT");
    const { stdout } = await runOn(db, ["plan"]);
    expect(stdout).toMatch(/in the same statement as 2017_10_16_2_\w+ step 1/);
    const also = /^ {2}1\. add column AutoProcProgram\.processingJobId\n((?: {5}also .*\n)+)/m.exec(stdout)?.[1];
    expect(also?.match(/add column AutoProcProgram\.\w+ \(\w+ step 1\)/g)).toHaveLength(3);
    await upgrade(db);
    expect(await journalOf(db)).toEqual(expect.arrayContaining(shown.map((each) => expect.objectContaining(each))));
  });

  test("with --to the statement includes no later step", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    const to = "2024_09_25_processing_pipeline_id";
    const found = await readPlan(session, await loadMigrations(), { to });
    const sql = found.migrations.flatMap((each) => each.steps.map((step) => step.statement?.sql ?? "")).join("\n");
    expect(found.migrations.at(-1)?.migration.name).toBe(to);
    expect(sql).toContain("ADD COLUMN `processingPipelineId`");
    expect(sql).not.toContain("jobUuid");
  });

  test("a column that is set aside is restored with its values, and not added again with an earlier one", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("UPDATE AutoProcProgram SET jobUuid = '0123456789abcdef' WHERE autoProcProgramId = 1");
    // As a `down` leaves it that was stopped while it saved these values.
    await db.query("ALTER TABLE AutoProcProgram RENAME COLUMN jobUuid TO ispyb_migrate_aside_jobUuid");
    await db.query("DELETE FROM ispyb_migrate_journal WHERE migration = '2026_07_02_job_uuid' AND step = 0");
    await db.query("UPDATE ispyb_migrate_journal SET state = 'intended' WHERE migration = '2026_07_02_job_uuid'");
    await db.query("ALTER TABLE AutoProcProgram DROP COLUMN processingPipelineId");
    await db.query("DELETE FROM ispyb_migrate_journal WHERE migration = '2024_09_25_processing_pipeline_id'");

    const migrations = await loadMigrations();
    const shown = (await planned(db, migrations)).find(({ migration }) => migration === "2026_07_02_job_uuid");
    expect(shown?.statement).toContain("RENAME COLUMN `ispyb_migrate_aside_jobUuid` TO `jobUuid`");
    const { verification } = await upgrade(db, { allowLate: true });
    expect(verification.differences).toEqual([]);
    expect(await db.query("SELECT COUNT(*) AS n FROM AutoProcProgram WHERE jobUuid = '0123456789abcdef'")).toEqual([
      { n: 1 },
    ]);
    expect(await db.query("SHOW COLUMNS FROM AutoProcProgram LIKE '%aside%'")).toEqual([]);
  });

  test("a table that is set aside is planned to be restored under its name", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("RENAME TABLE AutoProcProgramMessage TO ispyb_migrate_aside_AutoProcProgramMessage");
    const plan = await planned(db, await loadMigrations());
    expect(plan.map(({ statement }) => statement)).toContain(
      "RENAME TABLE `ispyb_migrate_aside_AutoProcProgramMessage` TO `AutoProcProgramMessage`",
    );
  });
});
