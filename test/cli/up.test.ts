import { expect, test } from "vitest";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { runOn } from "./run-cli.ts";

onEveryServer("up on the command line", (lane) => {
  test("--to applies nothing after this migration", async () => {
    await using db = await freshDatabase(lane, "official");
    const { exit, stdout } = await runOn(db, ["up", "--to", "2018_11_01_auto_proc_program_message", "--yes", "--json"]);
    expect(exit, stdout).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      recorded: [
        "2017_10_16_1_processing_job_tables",
        "2017_10_16_2_auto_proc_program_processing_job_id",
        "2018_11_01_auto_proc_program_message",
      ],
    });
    expect(await runOn(db, ["status"])).toMatchObject({ exit: 1 });
  });

  test("only --repair creates dropped objects again", async () => {
    await using db = await freshDatabase(lane, "official");
    expect(await runOn(db, ["up", "--yes"])).toMatchObject({ exit: 0 });
    await db.query("ALTER TABLE AutoProcProgram DROP COLUMN jobUuid");
    const { exit, stderr } = await runOn(db, ["up", "--yes"]);
    expect(exit).toBe(4);
    expect(stderr).toMatch(/^error DRIFT: [^]*ispyb-migrate up --repair/m);
    expect(await runOn(db, ["up", "--yes", "--repair"])).toMatchObject({ exit: 0 });
    expect(await runOn(db, ["verify"])).toMatchObject({ exit: 0 });
  });

  test("only --allow-late applies a late migration", async () => {
    await using db = await freshDatabase(lane, "official");
    expect(await runOn(db, ["up", "--yes"])).toMatchObject({ exit: 0 });
    await db.query("ALTER TABLE AutoProcProgram DROP COLUMN processingPipelineId");
    await db.query("DELETE FROM ispyb_migrate_journal WHERE migration = '2024_09_25_processing_pipeline_id'");
    const { exit, stderr } = await runOn(db, ["up", "--yes"]);
    expect(exit).toBe(4);
    expect(stderr).toMatch(/^error LATE_MIGRATION: [^]*ispyb-migrate up --allow-late/m);
    expect(await runOn(db, ["up", "--yes", "--allow-late"])).toMatchObject({ exit: 0 });
    expect(await runOn(db, ["status"])).toMatchObject({ exit: 0 });
  });
});
