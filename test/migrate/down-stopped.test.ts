/** A `down` that is stopped, delayed or overtaken at the worst moments: everything that is left is reported. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import type { MigrateError } from "../../src/errors.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { runOn, urlOf } from "../cli/run-cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { catalogOf, journalOf, takeDown, upgrade } from "../support/upgrade.ts";
import { type Cut, CutOff, cuttingConnect } from "./cut.ts";

const jobs = "2017_10_16_1_processing_job_tables";

async function onlyJobs() {
  return (await loadMigrations()).filter(({ name }) => name === jobs);
}

/** The statement at which `down` is cut off: the first that begins like this. */
async function cutAt(db: TestDatabase, begins: string, when: Cut["when"], folder: string) {
  const migrations = await onlyJobs();
  const connect = cuttingConnect(db, { sent: 0 }, { at: begins, when });
  return takeDown(db, { migrations, saveTo: folder, connect }).catch((error: unknown) => error);
}

onEveryServer("down, stopped", (lane) => {
  test("a table is set aside: status says so, up restores it with its rows and keys, down continues", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await temporaryFolder();
    const migrations = await onlyJobs();
    await upgrade(db, { migrations });
    await db.query("INSERT INTO ProcessingJob (processingJobId, dataCollectionId) VALUES (7, 1)");
    await db.query("INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId) VALUES (7, 1)");
    const [applied, journal] = [await catalogOf(db), await journalOf(db)];
    for (const when of ["after the server did it", "before the server got it"] as const) {
      const begins = when === "after the server did it" ? "RENAME TABLE" : "DROP TABLE";
      expect(await cutAt(db, begins, when, folder.path), when).toBeInstanceOf(CutOff);
      expect(await db.query("SHOW TABLES LIKE 'ProcessingJobImageSweep'"), when).toEqual([]);
      const status = await runOn(db, ["status"]);
      expect(status.stdout).toContain(
        "`down` was stopped after it renamed table ProcessingJobImageSweep; run `up` to rename it back, or `down` to finish undoing it",
      );
      await upgrade(db, { migrations });
      expect(compareCatalogs(applied, await catalogOf(db)), when).toEqual([]);
      expect((await journalOf(db)).map(({ state }) => state)).toEqual(journal.map(({ state }) => state));
      expect(await db.query("SELECT processingJobId FROM ProcessingJobImageSweep"), when).toEqual([
        { processingJobId: 7 },
      ]);
    }
    expect(await cutAt(db, "RENAME TABLE", "after the server did it", folder.path)).toBeInstanceOf(CutOff);
    const script = await runOn(db, ["plan", "--sql", "-"]);
    expect(script.stderr).toMatch(/^error DRIFT: /);
    expect(script.stderr).toContain(`ispyb-migrate down --to ${jobs} --url ${urlOf(db)}   # `);
    const losing = ["--yes", "--allow-data-loss", "--save-to", folder.path];
    expect(await runOn(db, ["down", "--to", jobs, ...losing])).toMatchObject({ exit: 0 });
    expect(await db.query("SHOW TABLES LIKE '%ProcessingJob%'")).toEqual([]);
  });

  test("a stop while rows are saved: the table is dropped or restored, never left set aside", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await temporaryFolder();
    const migrations = await onlyJobs();
    await upgrade(db, { migrations });
    await db.query("INSERT INTO ProcessingJob (processingJobId) VALUES (7)");
    const [stop, kill] = [new AbortController(), new AbortController()];
    const stopped = takeDown(db, {
      migrations,
      saveTo: folder.path,
      signals: { stop: stop.signal, kill: kill.signal },
      progress: (event) => (event.kind === "saved" ? stop.abort() : undefined),
    });
    const error = await stopped.then(
      () => undefined,
      (caught: MigrateError) => caught,
    );
    // The last table: nothing came after it that could have been stopped.
    expect(error?.code).toBeUndefined();
    expect(await db.query("SHOW TABLES LIKE '%aside%'")).toEqual([]);
    expect(await readdir(folder.path)).toHaveLength(1);
  });

  test("values removed from an enum: a stop while rows are saved changes nothing, and leaves no file of rows that still exist", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await temporaryFolder();
    await db.query("INSERT INTO AutoProcProgramAttachment (autoProcProgramId, fileType) VALUES (1, 'Input')");
    const back = { until: { to: "2021_08_05_attachment_input" }, saveTo: folder.path } as const;
    const stop = new AbortController();
    const stopped = takeDown(db, {
      ...back,
      signals: { stop: stop.signal, kill: new AbortController().signal },
      progress: (event) => (event.kind === "saved" ? stop.abort() : undefined),
    });
    await expect(stopped).rejects.toMatchObject({
      code: "INTERRUPTED",
      details: { done: expect.not.stringContaining(folder.path) },
    });
    expect(await readdir(folder.path)).toEqual([]);
    const values = "SELECT fileType FROM AutoProcProgramAttachment ORDER BY 1 DESC LIMIT 1";
    expect(await db.query("SELECT COUNT(*) AS n FROM AutoProcProgramAttachment WHERE fileType = 'Input'")).toEqual([
      { n: 1 },
    ]);
    await takeDown(db, back);
    expect(JSON.stringify(await db.query(values))).not.toContain("Input");
    await upgrade(db);
    expect((await readdir(folder.path)).map((name) => join(folder.path, name))).toHaveLength(1);
  });

  test("what another run created while the question was open is not undone without a new question", async () => {
    await using db = await freshDatabase(lane, "official");
    await upgrade(db, { to: "2018_11_01_auto_proc_program_message" });
    const overtaken = takeDown(db, { confirm: async () => void (await upgrade(db)) });
    await expect(overtaken).rejects.toMatchObject({ code: "CONFLICT" });
    expect((await runOn(db, ["status"])).exit).toBe(0);
  });

  test("a foreign key of another database stops down before anything is changed", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("CREATE DATABASE elsewhere");
    await db.query(
      `CREATE TABLE elsewhere.Ticket (processingJobId int unsigned, CONSTRAINT ticket_fk FOREIGN KEY (processingJobId) REFERENCES ${db.database}.ProcessingJob (processingJobId)) ENGINE=InnoDB`,
    );
    const before = await catalogOf(db);
    await expect(takeDown(db)).rejects.toMatchObject({
      code: "CONFLICT",
      details: { found: [expect.stringContaining("elsewhere.Ticket.ticket_fk")] },
    });
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
  });

  test("a facility's own index on our columns, and its wider column, do not stop down", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("ALTER TABLE ProcessingJobParameter ADD KEY ours_too (parameterKey, processingJobId)");
    await takeDown(db, { until: { to: "2024_03_19_2_parameter_key_index" } });
    expect((await catalogOf(db)).tables["ProcessingJobParameter"]?.indexes.map(({ name }) => name)).toContain(
      "ours_too",
    );
    expect((await journalOf(db)).map(({ migration }) => migration)).not.toContain("2024_03_19_2_parameter_key_index");
  });
});
