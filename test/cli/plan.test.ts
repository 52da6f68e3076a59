/** `plan` takes what `up` takes: what it shows is what `up` with the same options does, or why `up` refuses. */
import { expect, test } from "vitest";
import type { PlanDocument } from "../../src/documents/plan.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { changesSent, oneLine } from "../support/sent.ts";
import { catalogOf } from "../support/upgrade.ts";
import { runOn } from "./run-cli.ts";

/** Every statement that the plan shows, those of a repair included, in order. */
function shown({ migrations, repeatables }: PlanDocument): string[] {
  const steps = migrations.filter(({ state }) => state !== "skipped").flatMap((each) => each.steps);
  const ofSteps = steps.flatMap(({ repairs = [], sql }) => [...repairs.map((each) => each.sql), ...[sql ?? []].flat()]);
  const due = repeatables.filter(({ state }) => /^(?:pending|drift)$/.test(state));
  return [...ofSteps, ...due.flatMap(({ sql }) => sql)].map(oneLine);
}

/** Neither of them changes anything, and both say why in the same words. */
async function expectBothRefuse(db: TestDatabase, options: readonly string[], exit: number): Promise<void> {
  const before = await catalogOf(db);
  const plan = await runOn(db, ["plan", ...options]);
  const up = await runOn(db, ["up", "--yes", ...options]);
  const reason = /^error .*$/m.exec(up.stderr)?.[0] ?? "no error";
  expect(up.exit, up.stderr).toBe(exit);
  expect(plan.exit, plan.stderr).toBe(exit);
  expect(plan.stderr).toContain(reason);
  expect(await catalogOf(db)).toEqual(before);
}

/** `up` sends what `plan` shows, statement for statement. Returns the plan as text. */
async function expectUpDoesIt(db: TestDatabase, options: readonly string[]): Promise<string> {
  const plan = JSON.parse((await runOn(db, ["plan", "--json", ...options])).stdout) as PlanDocument;
  const { exit, stdout, stderr } = await runOn(db, ["plan", ...options]);
  expect(exit, stderr).toBe(0);
  const up = await runOn(db, ["up", "--yes", "--verbose", ...options]);
  expect(up.exit, up.stderr).toBe(0);
  expect(changesSent(up.stderr)).toEqual(shown(plan));
  return stdout;
}

onEveryServer("plan takes what up takes", (lane) => {
  test("and shows what that up does, or why it refuses", async () => {
    await using db = await freshDatabase(lane, "official");
    for (const options of [
      ["--to", "nonsense"],
      ["--skip", "nonsense", "--reason", "x"],
      ["--skip", "procedures"],
      ["--unskip", "procedures"],
      ["--lock-timeout", "soon"],
    ])
      await expectBothRefuse(db, options, 64);

    const some = ["--to", "2018_11_01_auto_proc_program_message"];
    expect(await expectUpDoesIt(db, some)).toContain(`up ${some.join(" ")}`);

    const skipping = ["--skip", "2024_12_04_attachment_deleted,procedures", "--reason", "ours are enough"];
    const shortened = await expectUpDoesIt(db, skipping);
    expect(shortened).toContain(
      "skipped from now on: 2024_12_04_attachment_deleted, procedures, because: ours are enough",
    );
    expect(shortened).toContain("up --skip 2024_12_04_attachment_deleted,procedures --reason 'ours are enough'");

    // The skipped migration is late as soon as it is due again; named, it is not refused.
    const unskipping = ["--unskip", "2024_12_04_attachment_deleted"];
    expect(await expectUpDoesIt(db, unskipping)).not.toContain("--allow-late");

    await db.query("DELETE FROM ispyb_migrate_journal WHERE migration = '2024_12_04_attachment_deleted'");
    await db.query("ALTER TABLE AutoProcProgramAttachment DROP COLUMN deleted");
    const late = await runOn(db, ["plan", "--sql", "-"]);
    expect(late).toMatchObject({ exit: 4, stderr: expect.stringContaining("error LATE_MIGRATION") });
    expect(await expectUpDoesIt(db, ["--allow-late"])).toContain("late: it sorts before an applied migration\n");

    await db.query("ALTER TABLE AutoProcProgram DROP COLUMN jobUuid");
    await db.query("ALTER TABLE ProcessingJob DROP COLUMN recipe");
    await expectBothRefuse(db, [], 4);
    const scripted = await runOn(db, ["plan", "--repair", "--sql", "-"]);
    expect(scripted).toMatchObject({ exit: 64, stderr: expect.stringContaining("plan --sql does not take --repair") });
    const repairing = await expectUpDoesIt(db, ["--repair"]);
    expect(repairing).toContain("repair: column ProcessingJob.recipe");
    expect(repairing).toMatch(/2 migrations with \d+ steps: \d to run/);
    expect(await runOn(db, ["verify"])).toMatchObject({ exit: 0 });
  });
});
