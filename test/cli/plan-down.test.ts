/** `plan --down` shows what `down` then does, statement for statement, and changes nothing. */
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import type { PlanDownDocument } from "../../src/documents/plan-down.ts";
import { temporaryFolder } from "../support/folder.ts";
import { changesSent, oneLine } from "../support/sent.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { catalogOf, checksums } from "../support/upgrade.ts";
import { runOn } from "./run-cli.ts";

const everything = ["--to", "2017_10_16_1_processing_job_tables", "--allow-data-loss"];

/** Every statement that the plan shows, in order, but for those on the tool's own tables. */
function shown({ migrations, repeatables }: PlanDownDocument): string[] {
  const steps = migrations.flatMap((each) => each.steps);
  return [
    ...repeatables.flatMap(({ sql }) => sql),
    ...steps.flatMap(({ statements }) => statements.map(({ sql }) => sql)),
  ].map(oneLine);
}

/** `down` sends what the plan shows. Returns what the plan says. */
async function expectDownDoesIt(db: TestDatabase, options: readonly string[]) {
  const before = [await catalogOf(db), await checksums(db)];
  const plan = JSON.parse((await runOn(db, ["plan", "--down", "--json", ...options])).stdout) as PlanDownDocument;
  const { exit, stdout, stderr } = await runOn(db, ["plan", "--down", ...options]);
  expect(exit, stderr).toBe(0);
  expect([await catalogOf(db), await checksums(db)]).toEqual(before);
  const down = await runOn(db, ["down", "--yes", "--verbose", ...options]);
  expect(down.exit, down.stderr).toBe(0);
  expect(changesSent(down.stderr)).toEqual(shown(plan));
  return { plan, stdout, stderr };
}

onEveryServer("plan --down", (lane) => {
  test("shows rows that would be lost, who waits, what remains; down does that and nothing else", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await temporaryFolder();
    // A FULLTEXT key makes each dropped column a rebuild: they go together. A value of ours has to be changed.
    await db.query("ALTER TABLE AutoProcProgram ADD FULLTEXT KEY own (processingCommandLine)");
    expect(await runOn(db, ["up", "--yes"])).toMatchObject({ exit: 0 });
    await db.query("UPDATE AutoProcProgram SET jobUuid = REPEAT('x', 16) WHERE autoProcProgramId = 1");
    await db.query("INSERT INTO AutoProcProgramAttachment (autoProcProgramId, fileType) VALUES (1, 'Debug')");
    await db.query("CREATE PROCEDURE own() SELECT COUNT(*) FROM ProcessingJob");

    const unclear = await runOn(db, ["plan", "--down"]);
    expect(unclear).toMatchObject({ exit: 64, stdout: "" });
    expect(unclear.stderr).toContain("plan --down needs --to NAME or --last N");
    const forward = await runOn(db, ["plan", "--down", "--last", "1", "--repair"]);
    expect(forward).toMatchObject({ exit: 64, stderr: expect.stringContaining("plan --down does not take --repair") });
    const backward = await runOn(db, ["plan", "--last", "1"]);
    expect(backward).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("plan without --down does not take --last"),
    });

    const refused = await runOn(db, ["plan", "--down", "--to", "2026_07_02_job_uuid", "--save-to", folder.path]);
    expect(refused.exit, refused.stderr).toBe(0);
    expect(refused.stdout).toContain(`saves 1 value of AutoProcProgram.jobUuid, to a file in ${folder.path}`);
    expect(refused.stdout).toContain("would refuse: rows or values would be lost");
    expect(refused.stderr).toMatch(
      /note: `down` would refuse now: .*\n {2}next .*down --to 2026_07_02_job_uuid --allow-data-loss/,
    );
    expect(await readdir(folder.path)).toEqual([]);

    const { plan, stdout } = await expectDownDoesIt(db, [...everything, "--save-to", folder.path]);
    expect(plan.toolTables).toContain("DROP TABLE IF EXISTS ispyb_migrate_journal");
    expect(plan.mentions).toContain("procedure own mentions ProcessingJob");
    expect(plan.saveTo).toBe(folder.path);
    const lost = plan.migrations
      .flatMap(({ steps }) => steps)
      .flatMap(({ loss }) => (loss === null || loss.rows === 0 ? [] : [loss]));
    expect(lost).toContainEqual({ what: "values of AutoProcProgram.jobUuid", rows: 1 });
    expect(lost).toContainEqual({ what: "values 'Debug' of AutoProcProgramAttachment.fileType", rows: 1 });
    expect(stdout).toMatch(/LOCK TABLES `?AutoProcProgramAttachment`?\s+WRITE/);
    expect(stdout).toContain("in the same statement as");
    expect(await db.query("SHOW TABLES LIKE 'ispyb_migrate%'")).toEqual([]);
    expect(await readdir(folder.path)).toHaveLength(1);
  });
});
