/**
 * What `up --json` measured on a copy is what `plan --rehearsal` predicts by. A step that keeps writers out of a large table for
 * long, or for an unknown time, needs --allow-stall: `up`, `down` and the script for the stock client refuse before their first
 * change.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PlanDocument } from "../../src/documents/plan.ts";
import type { UpDocument } from "../../src/documents/up.ts";
import { jobOfProgram, jobTables, messageTable } from "../adoption/pull-requests.ts";
import { runOn } from "../cli/run-cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { everythingIsWanted } from "../support/lanes.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { stockClient } from "../support/stock-client.ts";
import { catalogOf, journalOf } from "../support/upgrade.ts";

const found = await stockClient((line) => process.stderr.write(`tests: ${line}\n`));
if ("reason" in found && everythingIsWanted()) throw new Error(found.reason);

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

/** The same file, as if every statement had taken so many seconds. */
function withSeconds(rehearsal: string, seconds: number): string {
  return rehearsal.replaceAll(/"seconds": [\d.]+/g, `"seconds": ${seconds}`);
}

/** Runs, and proves that neither the schema nor the journal changed. Returns what it said. */
async function stalls(db: TestDatabase, args: readonly string[]): Promise<string> {
  const whole = async () => {
    const journal = await db.query("SHOW TABLES LIKE 'ispyb_migrate_journal'");
    return [await catalogOf(db), journal.length === 0 ? [] : await journalOf(db)];
  };
  const before = await whole();
  const { exit, stderr } = await runOn(db, args);
  expect([exit, stderr]).toEqual([4, expect.stringContaining("error WOULD_STALL: a change of AutoProcProgramMessage")]);
  expect(await whole()).toEqual(before);
  return stderr;
}

/** What the stock client says of the script. */
async function runScript(db: TestDatabase): Promise<string> {
  if ("reason" in found) throw new Error(found.reason);
  const { stdout } = await runOn(db, ["plan", "--sql", "-"]);
  return (await found.run(db, stdout, ["--comments"])).output;
}

onEveryServer("a rehearsal", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("on a copy: its seconds are those of the plan, and decide whether up asks", { timeout: 120_000 }, async () => {
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

    const unknown = await stalls(db, ["up", "--yes"]);
    expect(unknown).toContain("would keep other sessions waiting for an unknown time");
    expect(unknown).toMatch(
      new RegExp(`${notNull} step 3: .*\n.*for as long as it takes: .*writers of AutoProcProgramMessage`),
    );
    expect(unknown).toMatch(/up --rehearsal FILE .*\n.*up --allow-stall /);
    // The command for the copy is never one for this server.
    expect(unknown).toMatch(/next +.*up --url mysql:\/\/USER@COPY\/DATABASE --json --yes --allow-stall   #/);
    if (!("reason" in found)) expect(await runScript(db)).toMatch(/stops: step \d+ needs plan --allow-stall/);

    const rehearsal = await runOn(copy, ["up", "--yes", "--json", "--allow-stall"]);
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
    expect(text).toContain("from a rehearsal on 12,000 rows (12,000 here)");

    await writeFile(file, withSeconds(rehearsal.stdout, 9));
    const known = await stalls(db, ["up", "--yes", "--rehearsal", file]);
    expect(known).toMatch(/would keep other sessions waiting for about \d+ s/);
    expect(known).toContain("--allow-stall");

    await writeFile(file, rehearsal.stdout.replace(/"product": "[^"]*"/, '"product": "MariaDB 5.5.1"'));
    const refused = await runOn(db, ["up", "--yes", "--rehearsal", file]);
    expect([refused.exit, refused.stderr]).toEqual([64, expect.stringContaining("a rehearsal on MariaDB 5.5.1")]);

    await writeFile(file, withSeconds(rehearsal.stdout, 0.5));
    const done = await runOn(db, ["up", "--yes", "--rehearsal", file]);
    expect(done.exit, done.stderr).toBe(0);

    // What the journal holds of the way up would be the prediction of the way back.
    await db.query("UPDATE ispyb_migrate_journal SET measured = NULL");
    const back = ["down", "--yes", "--allow-data-loss", "--save-to", folder.path, "--to", notNull];
    expect(await stalls(db, back)).toMatch(/down .*--allow-stall/);
    const undone = await runOn(db, [...back, "--allow-stall"]);
    expect(undone.exit, undone.stderr).toBe(0);
  });
});
