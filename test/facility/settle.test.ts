/** `accept` and `forget`: an applied migration that was edited, renamed or removed has a way out, with a reason. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadAllMigrations } from "../../src/facility/load.ts";
import { addColumn, column } from "../../src/steps/define.ts";
import { runOn } from "../cli/run-cli.ts";
import { probe, withProbe } from "../migrate/probe.ts";
import { shellWords } from "../support/shell-words.ts";
import { type TestDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { catalogOf, journalOf, upgrade } from "../support/upgrade.ts";
import { type FacilityFolder, facilityFolder, migrationFile, newColumn } from "./folder.ts";

const one = "2026_01_01_queue";
const other = "2026_01_02_note";
const columns = (...added: readonly string[]) =>
  migrationFile(added.map((each) => `addColumn("ProcessingJob", column("${each}", "int"))`).join(", "));

/** An upgraded database with these migrations of a facility. */
async function applied(db: TestDatabase, files: Readonly<Record<string, string>>): Promise<FacilityFolder> {
  const folder = await facilityFolder(files);
  await upgrade(db, { migrations: await loadAllMigrations([`dls=${folder.path}`]) });
  return folder;
}

/** The command that a refusal prints, as a person would type it, but with a reason. */
function printed(stderr: string, command: "accept" | "forget"): string[] {
  const line = stderr.split("\n").find((each) => each.includes(`ispyb-migrate ${command} `)) ?? "";
  const words = shellWords(line.slice(line.indexOf("ispyb-migrate"), line.lastIndexOf("   #"))).slice(1);
  const url = words.indexOf("--url");
  return [...words.slice(0, url), ...words.slice(url + 2)].map((word) => (word === "WHY" ? "we looked" : word));
}

/** Runs what `up` prints, then `up` again. */
async function outBy(db: TestDatabase, command: "accept" | "forget", given: readonly string[]): Promise<void> {
  const refused = await runOn(db, ["up", "--yes", ...given]);
  expect(refused.exit, refused.stderr).toBe(4);
  expect(refused.stderr).toContain("error HISTORY_CHANGED");
  const before = await catalogOf(db);
  const settled = await runOn(db, [...printed(refused.stderr, command), "--yes"]);
  expect(settled.exit, settled.stderr).toBe(0);
  expect(await catalogOf(db)).toEqual(before);
  const up = await runOn(db, ["up", "--yes", ...given]);
  expect(up.exit, up.stderr).toBe(0);
  for (const check of ["status", "verify"]) {
    const ended = await runOn(db, [check, ...given]);
    expect(ended.exit, ended.stdout).toBe(0);
  }
}

/** The columns of ProcessingJob that are the facility's. */
async function dlsColumns(db: TestDatabase): Promise<string[]> {
  const { tables } = await catalogOf(db);
  return (tables["ProcessingJob"]?.columns ?? []).map(({ name }) => name).filter((name) => name.startsWith("dls"));
}

onEveryServer("accept and forget", (lane) => {
  test("an edited file is accepted: equal steps stay ours, changed ones are left by down, new ones are pending", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await applied(db, { [`${one}.ts`]: columns("dlsA", "dlsB"), [`${other}.sql`]: "DO 1;" });
    const given = ["--migrations", `dls=${folder.path}`];
    await db.query("ALTER TABLE ProcessingJob CHANGE dlsB dlsC int");
    await folder.write(`${one}.ts`, columns("dlsC", "dlsD", "dlsA"));
    await folder.write(`${other}.sql`, "DO 2;");
    await folder.write(`${other}.down.sql`, "DO 0;");
    const refused = await runOn(db, ["up", "--yes", ...given]);
    expect(refused.stderr).toContain(`restore ${join(folder.path, `${one}.ts`)} as it was when it was applied`);
    const settled = await runOn(db, [...printed(refused.stderr, "accept"), "--yes", "--json"]);
    expect(settled.exit, settled.stdout).toBe(0);
    expect(JSON.parse(settled.stdout)).toMatchObject({ name: `dls/${one}`, matter: "edited", reason: "we looked" });
    expect(
      await db.query(
        "SELECT previous, account, finished_at IS NULL AS open FROM ispyb_migrate_journal WHERE migration = ? AND step = 0",
        [`dls/${one}`],
      ),
    ).toEqual([
      { previous: JSON.stringify({ accept: "we looked" }), account: expect.stringContaining("root@"), open: 0 },
    ]);
    await runOn(db, ["accept", `dls/${other}`, "--reason", "a number", "--yes", ...given]);
    // A step is new, so the migration is pending, and behind it is an applied one.
    const up = await runOn(db, ["up", "--yes", "--allow-late", ...given]);
    expect(up.exit, up.stderr).toBe(0);
    expect(await dlsColumns(db)).toEqual(["dlsA", "dlsC", "dlsD"]);
    const down = await runOn(db, ["down", "--to", `dls/${one}`, "--yes", ...given]);
    expect(down.exit, down.stderr).toBe(0);
    expect(await dlsColumns(db)).toEqual(["dlsC"]);
  });

  test("a removed file is forgotten: its column stays; if the file comes back, its record counts again", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const text = newColumn("ProcessingJob", "dlsA");
    await using folder = await applied(db, {
      [`${one}.ts`]: text,
      [`${other}.ts`]: newColumn("ProcessingJob", "dlsB"),
    });
    const given = ["--migrations", `dls=${folder.path}`];
    await rm(join(folder.path, `${other}.ts`));
    await outBy(db, "forget", given);
    expect(await dlsColumns(db)).toEqual(["dlsA", "dlsB"]);

    await folder.write(`${other}.ts`, newColumn("ProcessingJob", "dlsB"));
    const up = await runOn(db, ["up", "--yes", ...given]);
    expect(up.exit, up.stderr).toBe(0);
    const down = await runOn(db, ["down", "--to", `dls/${one}`, "--yes", ...given]);
    expect(down.exit, down.stderr).toBe(0);
    expect(await dlsColumns(db)).toEqual([]);
  });

  test("a database that was upgraded by a fork: its migration is forgotten, or accepted as one of a folder", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const step = addColumn("ProcessingJob", column("dlsFork", "varchar(40)"));
    await upgrade(db, { migrations: await withProbe(step) });
    await using folder = await facilityFolder({ [`${probe}.js`]: newColumn("ProcessingJob", "dlsFork") });
    const given = ["--migrations", `dls=${folder.path}`];
    await outBy(db, "accept", given);
    const down = await runOn(db, ["down", "--last", "1", "--yes", ...given]);
    expect(down.exit, down.stderr).toBe(0);
    expect(await dlsColumns(db)).toEqual([]);

    await upgrade(db, { migrations: await withProbe(step) });
    await outBy(db, "forget", []);
    expect(await dlsColumns(db)).toEqual(["dlsFork"]);
  });

  test("down of everything also takes the record of a forgotten one", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await upgrade(db, { migrations: await withProbe(addColumn("ProcessingJob", column("dlsFork", "int"))) });
    await outBy(db, "forget", []);
    const down = await runOn(db, ["down", "--to", "2017_10_16_1_processing_job_tables", "--yes", "--allow-data-loss"]);
    expect(down.exit, down.stderr).toBe(0);
    expect(await db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'")).toEqual([]);
  });

  test("nothing to settle, no reason, the other command, no answer: the journal stays as it is", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await applied(db, { [`${one}.sql`]: "DO 1;", [`${other}.sql`]: "DO 1;" });
    const given = ["--migrations", `dls=${folder.path}`];
    await folder.write(`${one}.sql`, "DO 2;");
    await rm(join(folder.path, `${other}.sql`));
    const journal = await journalOf(db);
    const why = ["--reason", "we looked", "--yes", ...given];
    const refusals: readonly [args: readonly string[], exit: number, words: string][] = [
      [["accept", "dls/nothing", ...why], 64, "there is nothing to accept about dls/nothing"],
      [["forget", "2026_07_02_job_uuid", ...why], 64, "it is applied"],
      [["forget", `dls/${one}`, ...why], 64, `ispyb-migrate accept dls/${one} --reason "WHY"`],
      [["accept", `dls/${other}`, ...why], 64, `ispyb-migrate forget dls/${other} --reason "WHY"`],
      [["accept", `dls/${one}`, "--yes", ...given], 64, "accept needs --reason"],
      [["accept", `dls/${one}`, "--reason", "we looked", ...given], 64, "error NO_TERMINAL"],
    ];
    for (const [args, exit, words] of refusals) {
      const ended = await runOn(db, args);
      expect([ended.exit, ended.stderr]).toEqual([exit, expect.stringContaining(words)]);
    }
    expect(await journalOf(db)).toEqual(journal);
  });

  test("a .sql without a way back stops down before anything is changed", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await applied(db, { [`${one}.sql`]: "CREATE TABLE dlsQueue (a int);" });
    const given = ["--migrations", `dls=${folder.path}`];
    const refused = await runOn(db, ["down", "--last", "1", "--yes", ...given]);
    expect([refused.exit, refused.stderr]).toEqual([
      4,
      expect.stringContaining(`error CONFLICT: cannot undo dls/${one}`),
    ]);
    expect(refused.stderr).toContain(`write ${join(folder.path, `${one}.down.sql`)} with 1 statement`);
    await folder.write(`${one}.down.sql`, "DROP TABLE dlsQueue;");
    const down = await runOn(db, ["down", "--last", "1", "--yes", ...given]);
    expect(down.exit, down.stderr).toBe(0);
  });
});
