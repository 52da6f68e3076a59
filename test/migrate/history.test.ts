/** The journal compared with the files: an applied migration must not be edited or removed. */
import { expect, test } from "vitest";
import { addColumn, column, runSql } from "../../src/steps/define.ts";
import { title } from "../../src/steps/index.ts";
import { runOn, urlOf } from "../cli/run-cli.ts";
import { freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { journalOf, upgrade } from "../support/upgrade.ts";
import { probe, withProbe } from "./probe.ts";

/** A step that the server refuses, and that it is not asked about before. */
function refusedOn(table: string) {
  const sql = `ALTER TABLE ${table} ADD probeBad no type`;
  return runSql(table, {
    title: "add a column of no type",
    sql,
    present: "SELECT 0 AS n",
    undo: { none: "it is refused" },
  });
}

onEveryServer("history", (lane) => {
  test("an applied migration with another checksum is edited, and up refuses", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(
      "UPDATE ispyb_migrate_journal SET checksum = 'steps-1:0' WHERE migration = '2026_07_02_job_uuid' AND step = 0",
    );
    const status = await runOn(db, ["status", "--json"]);
    expect(status.exit).toBe(1);
    const { migrations } = JSON.parse(status.stdout) as { migrations: { name: string; state: string }[] };
    expect(migrations).toContainEqual(expect.objectContaining({ name: "2026_07_02_job_uuid", state: "edited" }));
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit).toBe(4);
    expect(up.stderr).toContain("2026_07_02_job_uuid: edited since it was applied");
    const verify = await runOn(db, ["verify"]);
    expect([verify.exit, verify.stdout]).toEqual([
      1,
      expect.stringContaining("different  2026_07_02_job_uuid: edited since it was applied\n"),
    ]);
  });

  test("a half applied migration may be edited only in the steps that had no effect", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const first = addColumn("AutoProcProgram", column("probeFirst", "int unsigned"));
    const bad = refusedOn("ProcessingJobParameter");
    const other = addColumn("ProcessingJob", column("probeOther", "int unsigned"));
    await expect(upgrade(db, { migrations: await withProbe(first, other, bad) })).rejects.toThrow("refused");
    const journal = await journalOf(db);

    for (const steps of [[other, first], [first]]) {
      await expect(upgrade(db, { migrations: await withProbe(...steps) })).rejects.toMatchObject({
        code: "HISTORY_CHANGED",
        details: { found: [`${probe}: edited since it was applied`] },
      });
    }
    expect(await journalOf(db)).toEqual(journal);

    // An earlier release, and a script of one, did not write down which step it was.
    await db.query("UPDATE ispyb_migrate_journal SET checksum = NULL WHERE step = 1");
    const good = addColumn("AutoProcProgram", column("probeGood", "int unsigned"));
    expect((await upgrade(db, { migrations: await withProbe(first, other, good) })).recorded).toEqual([probe]);
    const titles = (await journalOf(db)).filter((row) => row["migration"] === probe).map((row) => row["what"]);
    expect(titles.slice(1)).toEqual([first, other, good].map(title));
  });

  test("a migration that had no effect may be removed", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const bad = refusedOn("AutoProcProgram");
    await expect(upgrade(db, { migrations: await withProbe(bad) })).rejects.toThrow("refused");
    expect((await runOn(db, ["status"])).exit).toBe(0);
    expect((await upgrade(db)).recorded).toEqual([]);
  });

  test("a recorded migration without a file is missing, and up refuses", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(
      "INSERT INTO ispyb_migrate_journal (migration, step, what, state, checksum, node, connection_id, fence, account, tool, started_at) " +
        "VALUES ('2020_01_01_gone', 0, 'migration', 'done', 'steps-1:0', '', 1, 1, '', '', NOW(6))",
    );
    const status = await runOn(db, ["status"]);
    expect(status.exit).toBe(1);
    expect(status.stdout).toContain("2020_01_01_gone");
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit).toBe(4);
    expect(up.stderr).toContain("2020_01_01_gone: recorded, but its file is missing");
    const verify = await runOn(db, ["verify", "--json"]);
    expect(verify.exit).toBe(1);
    expect(JSON.parse(verify.stdout)).toMatchObject({
      equal: false,
      differences: [{ name: "2020_01_01_gone", what: "2020_01_01_gone: recorded, but its file is missing" }],
    });
    const plan = await runOn(db, ["plan"]);
    expect([plan.exit, plan.stdout]).toEqual([4, expect.stringContaining("\n1 applied migration without a file. ")]);
  });

  test("a renamed file is recognised by what it does, and up refuses", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(
      "UPDATE ispyb_migrate_journal SET migration = '2026_07_02_uuid' WHERE migration = '2026_07_02_job_uuid'",
    );
    const status = await runOn(db, ["status"]);
    expect(status.exit).toBe(1);
    expect(status.stdout).toContain("its file is now called 2026_07_02_job_uuid");
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit).toBe(4);
    expect(up.stderr).toContain("2026_07_02_uuid: recorded, but its file is now called 2026_07_02_job_uuid");
    expect(up.stderr).toContain("rename 2026_07_02_job_uuid back to 2026_07_02_uuid");
  });

  test("a migration that sorts before an applied one is shown, and needs --allow-late", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("DELETE FROM ispyb_migrate_journal WHERE migration = '2024_12_04_attachment_deleted'");
    await db.query("ALTER TABLE AutoProcProgramAttachment DROP COLUMN deleted");
    const journal = await journalOf(db);
    const status = await runOn(db, ["status"]);
    expect(status.exit).toBe(1);
    expect(status.stdout).toMatch(/2024_12_04_attachment_deleted +pending, late/);
    expect((await runOn(db, ["plan"])).stdout).toContain("needs `up --allow-late`");
    const up = await runOn(db, ["up", "--yes"]);
    expect(up.exit).toBe(4);
    expect(up.stderr).toContain("error LATE_MIGRATION");
    expect(await journalOf(db)).toEqual(journal);

    const allowed = await runOn(db, ["up", "--yes", "--allow-late"]);
    expect(allowed.exit, allowed.stderr).toBe(0);
    expect((await runOn(db, ["status"])).exit).toBe(0);
  });

  test("a journal of the first release is read without its missing column, and the next up adds the column", async () => {
    await using db = await freshDatabase(lane, "official");
    await upgrade(db, { to: "2018_11_01_auto_proc_program_message" });
    await db.query("ALTER TABLE ispyb_migrate_journal DROP COLUMN previous, DROP COLUMN measured");
    expect((await runOn(db, ["status"])).exit).toBe(1);
    expect((await runOn(db, ["up", "--yes"])).exit).toBe(0);
    expect((await runOn(db, ["status"])).exit).toBe(0);
  });

  test("a late migration is late with --to, too, and --allow-late works with --to", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const late = "2024_12_04_attachment_deleted";
    await db.query("DELETE FROM ispyb_migrate_journal WHERE migration = ?", [late]);
    await db.query("ALTER TABLE AutoProcProgramAttachment DROP COLUMN deleted");
    const plan = await runOn(db, ["plan"]);
    expect([plan.exit, plan.stdout]).toEqual([
      0,
      expect.stringContaining(" would refuse: pending migrations sort before migrations that are already applied."),
    ]);
    expect((await runOn(db, ["status"])).stdout).toMatch(/^1 migration late; .* would refuse; .* --allow-late/m);
    const up = await runOn(db, ["up", "--yes", "--to", late]);
    expect(up.exit).toBe(4);
    expect(up.stderr).toContain("error LATE_MIGRATION");
    expect(up.stderr).toContain(
      `ispyb-migrate up --to ${late} --allow-late --url ${urlOf(db)}   # if they came with a newer version of this tool, or if you accepted an edited file that has a new step\n`,
    );
    const allowed = await runOn(db, ["up", "--yes", "--to", late, "--allow-late"]);
    expect(allowed.exit, allowed.stderr).toBe(0);
  });
});
