/** `down --last N` counts what is applied: not what was refused, skipped or forgotten. */
import { expect, test } from "vitest";
import { addColumn, column, runSql } from "../../src/steps/define.ts";
import { runOn } from "../cli/run-cli.ts";
import { onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { journalOf, takeDown, upgrade } from "../support/upgrade.ts";
import { probe, withProbe } from "./probe.ts";

const newest = "2026_07_03_processing_job_delete_rules";
const before = "2026_07_02_job_uuid";
const last = { until: { last: 1 } } as const;

/** The server refuses it when it is sent, as it refuses a statement whose table stays in use. */
const refused = runSql("AutoProcProgram", {
  title: "add a column of no type",
  sql: "ALTER TABLE AutoProcProgram ADD probeBad no type",
  present: "SELECT 0 AS n",
  undo: { none: "it is refused" },
});
const made = addColumn("AutoProcProgram", column("probeMade", "int unsigned"));

onEveryServer("down --last", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("a migration that the server refused is none that was applied", async () => {
    await using db = await makeDatabase("official");
    await upgrade(db);
    await expect(upgrade(db, { migrations: await withProbe(refused) })).rejects.toThrow("refused");
    expect((await journalOf(db)).filter(({ migration }) => migration === probe).map(({ state }) => state)).toEqual([
      "not done",
    ]);
    expect((await takeDown(db, last)).undone).toEqual([newest]);
    const { exit, stdout, stderr } = await runOn(db, ["down", "--last", "1", "--yes"]);
    expect([exit, stdout], stderr).toEqual([0, expect.stringContaining("done: 1 migration undone")]);
    expect((await journalOf(db)).map(({ migration }) => migration)).not.toContain(before);
  });

  test("one of which a part was made is the last one", async () => {
    await using db = await makeDatabase("official");
    await upgrade(db);
    const migrations = await withProbe(made, refused);
    await expect(upgrade(db, { migrations })).rejects.toThrow("refused");
    expect((await takeDown(db, { ...last, migrations })).undone).toEqual([probe]);
    expect(await db.query("SHOW COLUMNS FROM AutoProcProgram LIKE 'probeMade'")).toEqual([]);
    expect((await takeDown(db, last)).undone).toEqual([newest]);
  });

  test("a skipped one stays skipped and is not counted; once it is applied it is the last one", async () => {
    await using db = await makeDatabase("official");
    const skipped = "2024_12_04_attachment_deleted";
    const up = await runOn(db, ["up", "--yes", "--skip", skipped, "--reason", "no client asks for it"]);
    expect(up.exit, up.stderr).toBe(0);
    expect((await takeDown(db, { until: { last: 4 } })).undone).toEqual([
      newest,
      before,
      "2026_01_27_parent_auto_proc_program_id",
      "2024_09_25_processing_pipeline_id",
    ]);
    expect((await runOn(db, ["status"])).stdout).toContain("because: no client asks for it");
    await upgrade(db);
    const unskipped = await runOn(db, ["up", "--yes", "--unskip", skipped]);
    expect(unskipped.exit, unskipped.stderr).toBe(0);
    expect((await takeDown(db, last)).undone).toEqual([skipped]);
  });

  test("one that was to be skipped, and was there already, has its place in the order", async () => {
    await using db = await makeDatabase("official");
    // The official schema has rules that this one leaves alone.
    const up = await runOn(db, ["up", "--yes", "--skip", newest, "--reason", "ours restrict"]);
    expect(up.exit, up.stderr).toBe(0);
    expect((await takeDown(db, last)).undone).toEqual([newest]);
    expect((await takeDown(db, last)).undone).toEqual([before]);
  });

  test("more than there are is refused before anything is changed", async () => {
    await using db = await makeDatabase("official");
    await upgrade(db, { to: "2018_11_01_auto_proc_program_message" });
    const journal = await journalOf(db);
    const { exit, stderr } = await runOn(db, ["down", "--last", "4", "--yes"]);
    expect([exit, stderr]).toEqual([64, expect.stringContaining("3")]);
    expect(await journalOf(db)).toEqual(journal);
    expect((await takeDown(db, { until: { last: 3 } })).undone).toHaveLength(3);
  });
});
