/** `down`: our objects are dropped, adopted ones stay, and rows are saved before they are lost. */
import { randomBytes } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import type { MigrateError } from "../../src/errors.ts";
import { runOn } from "../cli/run-cli.ts";
import { runWithFullDisk } from "../cli/spawn-cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type TestDatabase, freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { catalogOf, journalOf, takeDown, upgrade } from "../support/upgrade.ts";
import { until } from "../support/within.ts";
import { restoreSaved } from "./restore-saved.ts";

const jobs = [
  "INSERT INTO ProcessingJob (processingJobId, dataCollectionId, displayName, comments, automatic) VALUES (41, 1, 'Xia2 DIALS', 'it''s \\\\ \\n ü', 0), (47, 2, NULL, NULL, 1)",
  "DELETE FROM ProcessingJob WHERE processingJobId = 47",
  "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES (41, 'd_min', '1.8'), (41, 'd_min', NULL)",
  "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES (41, 1, 1, 1100), (41, 2, 1, 1100)",
  "UPDATE AutoProcProgram SET processingJobId = 41, jobUuid = 0x000102030405060708090a0b0c0d0eff WHERE autoProcProgramId = 1",
  "INSERT INTO AutoProcProgramAttachment (autoProcProgramId, fileType, fileName) VALUES (1, 'Debug', 'x.log')",
] as const;

/** What of these tables would be lost, as bytes. */
async function contents(db: TestDatabase) {
  const ask = async (table: string, columns: readonly string[]) => {
    const list = columns.map((column) => `HEX(${column}) AS ${column}`).join(", ");
    return db.query(`SELECT ${list} FROM ${table} ORDER BY 1`);
  };
  return {
    jobs: await ask("ProcessingJob", [
      "processingJobId",
      "dataCollectionId",
      "displayName",
      "comments",
      "recordTimestamp",
      "recipe",
      "automatic",
    ]),
    parameters: await ask("ProcessingJobParameter", [
      "processingJobParameterId",
      "processingJobId",
      "parameterKey",
      "parameterValue",
    ]),
    sweeps: await ask("ProcessingJobImageSweep", [
      "processingJobImageSweepId",
      "processingJobId",
      "dataCollectionId",
      "startImage",
      "endImage",
    ]),
    programs: await ask("AutoProcProgram", ["autoProcProgramId", "processingJobId", "jobUuid"]),
    attachments: await ask("AutoProcProgramAttachment", ["autoProcProgramAttachmentId", "fileType", "deleted"]),
  };
}

onEveryServer("down", (lane) => {
  test("rows that would be lost are counted, and nothing is changed without --allow-data-loss", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await temporaryFolder();
    for (const statement of jobs) await db.query(statement);
    const [catalog, journal, rows] = [await catalogOf(db), await journalOf(db), await contents(db)];

    const refused = takeDown(db, { allowDataLoss: false, saveTo: folder.path });
    await expect(refused).rejects.toMatchObject({
      code: "DATA_LOSS",
      details: {
        found: expect.arrayContaining([
          "1 row of ProcessingJob",
          "2 rows of ProcessingJobParameter",
          "2 rows of ProcessingJobImageSweep",
          "1 value of AutoProcProgram.jobUuid",
          "1 value of AutoProcProgram.processingJobId",
        ]),
      },
    });
    expect(await readdir(folder.path)).toEqual([]);
    expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
    expect(await journalOf(db)).toEqual(journal);
    expect(await contents(db)).toEqual(rows);
  });

  test("lost rows are saved, and can be restored byte for byte after the next up", async () => {
    await using db = await freshDatabase(lane, "official");
    await using folder = await temporaryFolder();
    const first = await catalogOf(db);
    await upgrade(db);
    for (const statement of jobs) await db.query(statement);
    const rows = await contents(db);

    const { saved = "" } = await takeDown(db, { saveTo: folder.path });
    expect(compareCatalogs(first, await catalogOf(db))).toEqual([]);
    expect((await stat(saved)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder.path)).toHaveLength(1);

    await upgrade(db);
    await restoreSaved(db, saved);
    expect(await contents(db)).toEqual(rows);
    // A number that was given out once is not given out again.
    await db.query("INSERT INTO ProcessingJob (dataCollectionId) VALUES (1)");
    expect(await db.query("SELECT MAX(processingJobId) AS id FROM ProcessingJob")).toEqual([{ id: 48 }]);
  });

  test("unchanged lookup rows are no loss; changed ones and a facility's own are", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await temporaryFolder();
    await takeDown(db, { allowDataLoss: false, until: { to: "2020_03_24_processing_pipeline" }, saveTo: folder.path });
    await upgrade(db);
    await db.query("UPDATE ProcessingPipeline SET name = 'ours' WHERE processingPipelineId = 6");
    await db.query("INSERT INTO ProcessingPipeline (processingPipelineId, name, discipline) VALUES (99, 'own', 'MX')");
    await db.query("DELETE FROM ProcessingPipeline WHERE processingPipelineId = 7");
    await db.query("INSERT INTO ProcessingJob (displayName) VALUES ('comes after it in the file')");
    const back = { until: { to: "2017_10_16_1_processing_job_tables" }, saveTo: folder.path } as const;
    await expect(takeDown(db, { ...back, allowDataLoss: false })).rejects.toMatchObject({ code: "DATA_LOSS" });

    const { saved = "" } = await takeDown(db, back);
    await upgrade(db);
    await restoreSaved(db, saved);
    expect(await db.query("SELECT displayName FROM ProcessingJob")).toEqual([
      { displayName: "comes after it in the file" },
    ]);
    expect(
      await db.query("SELECT name FROM ProcessingPipeline WHERE processingPipelineId IN (6, 99) ORDER BY 1"),
    ).toEqual([{ name: "ours" }, { name: "own" }]);
  });

  test("every row that was committed by a writer is in the file", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await temporaryFolder();
    const writer = await db.connection();
    const written = { committed: 0, on: true };
    const writing = (async () => {
      const sql = "INSERT INTO ProcessingJob (dataCollectionId, comments) VALUES (1, ?)";
      for (; written.on; written.committed++) await writer.query(sql, [`job ${written.committed}`]);
    })().catch(() => undefined);
    await until(() => written.committed >= 50, "some rows");
    const { saved = "" } = await takeDown(db, { saveTo: folder.path });
    written.on = false;
    await writing;

    await upgrade(db);
    await restoreSaved(db, saved);
    expect(await db.query("SELECT COUNT(*) AS n FROM ProcessingJob")).toEqual([{ n: written.committed }]);
  });

  test("views and triggers that depend on what would be dropped are named, and nothing is changed", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("CREATE VIEW v_jobs AS SELECT recipe FROM ProcessingJob");
    await db.query("CREATE VIEW v_uuids AS SELECT HEX(jobUuid) AS uuid FROM AutoProcProgram");
    await db.query("CREATE VIEW v_others AS SELECT processingPrograms FROM AutoProcProgram");
    await db.query(
      "CREATE TRIGGER job_defaults BEFORE INSERT ON ProcessingJob FOR EACH ROW SET NEW.automatic = COALESCE(NEW.automatic, 0)",
    );
    const [catalog, journal] = [await catalogOf(db), await journalOf(db)];
    const refused = takeDown(db);
    await expect(refused).rejects.toMatchObject({ code: "CONFLICT" });
    const found = await refused.catch((error: MigrateError) => [error.details.found ?? []].flat().join("\n"));
    expect(found).toMatch(/v_uuids/);
    expect(found).toMatch(/v_jobs/);
    expect(found).toMatch(/ProcessingJob\.job_defaults/);
    expect(found).not.toMatch(/v_others/);
    expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
    expect(await journalOf(db)).toEqual(journal);
  });

  test("a full disk is reported: nothing is lost, and no session waits", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await using folder = await temporaryFolder();
    await db.query("INSERT INTO ProcessingJob (processingJobId) VALUES (1)");
    // What no compression makes smaller than the limit.
    const noise = Array.from({ length: 100 }, () => `(1, '${randomBytes(500).toString("hex")}')`).join(", ");
    await db.query(`INSERT INTO ProcessingJobParameter (processingJobId, parameterValue) VALUES ${noise}`);
    const to = "2017_10_16_1_processing_job_tables";
    const args = ["down", "--to", to, "--yes", "--allow-data-loss", "--save-to", folder.path];
    const full = await runWithFullDisk(db, args);
    expect(full.exit, full.stderr).toBe(2);
    expect(full.stderr).toContain("error SAVE_FAILED");
    // Procedures, SchemaStatus and later migrations are undone by then.
    expect(full.stderr).toMatch(
      /done +none of this data was deleted; no file was left; the steps before this one are done and stay done\n/,
    );
    expect(full.stderr).toMatch(new RegExp(`down --to ${to} --allow-data-loss --save-to .* # afterwards: continues\n`));
    expect(full.stderr).not.toContain("run the same command again");
    expect(await db.query("SELECT COUNT(*) AS n FROM ProcessingJobParameter")).toEqual([{ n: 100 }]);
    expect(await db.query("SHOW TABLES LIKE '%aside%'")).toEqual([]);
    expect(await readdir(folder.path)).toEqual([]);

    const again = await runOn(db, args);
    expect(again.exit, again.stderr).toBe(0);
    expect(await readdir(folder.path)).toHaveLength(1);
  });

  test("of adopted objects only the record is deleted", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("ALTER TABLE AutoProcProgram ADD COLUMN jobUuid binary(16) NULL");
    await db.query("UPDATE AutoProcProgram SET jobUuid = REPEAT('x', 16) WHERE autoProcProgramId = 1");
    const first = await catalogOf(db);
    await upgrade(db);
    const { plan } = await takeDown(db, { allowDataLoss: false });
    expect(plan.migrations[0]?.name).toBe("2026_07_03_processing_job_delete_rules");
    expect(compareCatalogs(first, await catalogOf(db))).toEqual([]);
    expect(await db.query("SELECT COUNT(*) AS n FROM AutoProcProgram WHERE jobUuid IS NOT NULL")).toEqual([{ n: 1 }]);
  });

  test("rows of a facility that refer to our lookup rows are counted, and nothing is changed", async () => {
    await using db = await upgradedDatabase(lane, "official");
    // As where a facility had the tables before: their rows alone are ours.
    await db.query(
      "UPDATE ispyb_migrate_journal SET state = 'found' WHERE migration = '2020_03_24_processing_pipeline' AND step IN (1, 3)",
    );
    await db.query(
      "CREATE TABLE PipelineNote (id int PRIMARY KEY, processingPipelineId int unsigned, CONSTRAINT note_fk FOREIGN KEY (processingPipelineId) REFERENCES ProcessingPipeline (processingPipelineId) ON DELETE CASCADE) ENGINE=InnoDB",
    );
    await db.query("INSERT INTO PipelineNote VALUES (1, 6)");
    const journal = await journalOf(db);
    await expect(takeDown(db, { until: { to: "2020_03_24_processing_pipeline" } })).rejects.toMatchObject({
      code: "CONFLICT",
      details: { found: expect.stringContaining("PipelineNote") },
    });
    expect(await journalOf(db)).toEqual(journal);
    expect(await db.query("SELECT id FROM PipelineNote")).toEqual([{ id: 1 }]);

    await db.query("DELETE FROM PipelineNote");
    await takeDown(db, { until: { to: "2020_03_24_processing_pipeline" }, allowDataLoss: false });
    expect(await db.query("SELECT COUNT(*) AS n FROM ProcessingPipeline")).toEqual([{ n: 0 }]);
  });

  test("a facility's table that refers to one of ours stops down before anything is changed", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query(
      "CREATE TABLE JobTicket (id int PRIMARY KEY, processingJobId int unsigned, CONSTRAINT ticket_fk FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId))",
    );
    const [catalog, journal] = [await catalogOf(db), await journalOf(db)];
    await expect(takeDown(db)).rejects.toMatchObject({
      code: "CONFLICT",
      details: { found: [expect.stringContaining("JobTicket.ticket_fk")] },
    });
    expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
    expect(await journalOf(db)).toEqual(journal);
  });
});
