/** What `up --json` measured on a copy is what `plan --rehearsal` predicts by; the journal keeps it for later plans. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PlanDocument } from "../../src/documents/plan.ts";
import type { UpDocument } from "../../src/documents/up.ts";
import { jobOfProgram, jobTables, messageTable } from "../adoption/pull-requests.ts";
import { runOn } from "../cli/run-cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";

const notNull = "2024_03_19_1_message_not_null";

/** Pull requests 35 and 36, and 12,000 messages, beside a FULLTEXT key: they can be changed only under LOCK=SHARED. */
async function withMessages(db: TestDatabase): Promise<void> {
  const message = messageTable({ time: "NULL", charset: "DEFAULT CHARSET=latin1" });
  const words = "ALTER TABLE AutoProcProgramMessage ADD FULLTEXT KEY words (message)";
  for (const sql of [...jobTables, jobOfProgram, message, words]) await db.query(sql);
  const rows = Array(1_000).fill("(NULL, NULL, 'finished')").join(", ");
  const insert = `INSERT INTO AutoProcProgramMessage (recordTimeStamp, severity, message) VALUES ${rows}`;
  for (let thousands = 0; thousands < 12; thousands++) await db.query(insert);
  await db.query("ANALYZE TABLE AutoProcProgramMessage");
}

onEveryServer("a rehearsal", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("on a copy: its seconds are those of the plan", { timeout: 120_000 }, async () => {
    await using copy = await makeDatabase("official");
    await using db = await makeDatabase("official");
    await using folder = await temporaryFolder();
    await Promise.all([withMessages(copy), withMessages(db)]);
    const plan = async (...args: string[]) => {
      const { exit, stderr, stdout } = await runOn(db, ["plan", "--json", ...args]);
      expect(exit, stderr).toBe(0);
      const { migrations } = JSON.parse(stdout) as PlanDocument;
      return migrations.find(({ name }) => name === notNull)?.steps.flatMap(({ forecast }) => forecast ?? []) ?? [];
    };

    const before = await plan();
    const nothing = [null, "it was not rehearsed"];
    expect(before.map(({ seconds, unknown }) => [seconds, unknown])).toEqual([nothing, nothing, nothing]);

    const rehearsal = await runOn(copy, ["up", "--yes", "--json"]);
    expect(rehearsal.exit, rehearsal.stderr).toBe(0);
    const { statements } = JSON.parse(rehearsal.stdout) as UpDocument;
    const ours = statements.filter(({ steps }) => steps.some(({ migration }) => migration === notNull));
    expect(ours.map(({ reads, steps, work }) => [steps.map(({ number }) => number), work, reads?.table])).toEqual([
      [[1], "fill", "AutoProcProgramMessage"],
      [[2], "fill", "AutoProcProgramMessage"],
      [[3, 4], expect.stringMatching(/^(?:copy|rebuild)$/), "AutoProcProgramMessage"],
    ]);
    expect(ours[0]?.reads?.rows).toBe(12_000);
    const kept = await copy.query<{ step: number; measured: string }>(
      `SELECT step, measured FROM ispyb_migrate_journal WHERE migration = '${notNull}' AND measured IS NOT NULL ORDER BY step`,
    );
    expect(kept.map(({ step, measured }) => [step, (JSON.parse(measured) as { seconds: number }).seconds])).toEqual(
      ours.map(({ seconds, steps }) => [steps[0]?.number, seconds]),
    );

    const file = join(folder.path, "rehearsal.json");
    await writeFile(file, rehearsal.stdout);
    const after = await plan("--rehearsal", file);
    expect(after.map(({ basis }) => basis?.seconds)).toEqual(ours.map(({ seconds }) => seconds));
    for (const { basis, seconds } of after) {
      const times = (seconds ?? 0) / (basis?.seconds ?? 0);
      expect(times).toBeGreaterThan(1 / 2);
      expect(times).toBeLessThan(2);
    }
    const { stdout: text } = await runOn(db, ["plan", "--rehearsal", file]);
    expect(text).toContain("from a rehearsal on 12,000 of 12,000 rows");

    await writeFile(file, rehearsal.stdout.replace(/"product": "[^"]*"/, '"product": "MariaDB 5.5.1"'));
    const refused = await runOn(db, ["up", "--yes", "--rehearsal", file]);
    expect([refused.exit, refused.stderr]).toEqual([64, expect.stringContaining("a rehearsal on MariaDB 5.5.1")]);
  });
});
