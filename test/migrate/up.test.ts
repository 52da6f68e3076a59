import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { hint } from "../../src/hint.ts";
import { freshDatabase, onEveryServer, upgradedDatabase } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf, journalOf, migrationNames, upgrade, verbsSent } from "../support/upgrade.ts";

onEveryServer("up", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("gives an official database its processing jobs, and a second run changes nothing", async () => {
    await using db = await freshDatabase(lane, "official", { generalLog: true });
    const first = await upgrade(db);
    expect(first.recorded).toEqual(await migrationNames());
    expect(first.verification).toEqual({ differences: [], nodes: [], notices: [], notVisible: [] });
    const [catalog, journal] = [await catalogOf(db), await journalOf(db)];

    await db.query("TRUNCATE mysql.general_log");
    const second = await upgrade(db);
    expect(second.recorded).toEqual([]);
    expect(await verbsSent(db)).toEqual(["SELECT", "SET", "SHOW"]);

    expect(compareCatalogs(catalog, await catalogOf(db))).toEqual([]);
    expect(await journalOf(db)).toEqual(journal);
  });

  test("one DELETE deletes a session with data collections, jobs, sweeps, programs and messages, as before", async () => {
    await using db = await upgradedDatabase(lane, "official");
    const [{ sessionId, dataCollectionId } = { sessionId: 0, dataCollectionId: 0 }] = await db.query<{
      sessionId: number;
      dataCollectionId: number;
    }>(
      "SELECT g.sessionId AS sessionId, MIN(d.dataCollectionId) AS dataCollectionId " +
        "FROM DataCollection d JOIN DataCollectionGroup g USING (dataCollectionGroupId) GROUP BY g.sessionId LIMIT 1",
    );
    await db.query("INSERT INTO ProcessingJob (processingJobId, dataCollectionId, automatic) VALUES (1, ?, 1)", [
      dataCollectionId,
    ]);
    await db.query(
      "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES (1, 'd_min', '1.8')",
    );
    await db.query(
      "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES (1, ?, 1, 1100)",
      [dataCollectionId],
    );
    await db.query(
      "INSERT INTO AutoProcProgram (autoProcProgramId, dataCollectionId, processingJobId) VALUES (900, ?, 1)",
      [dataCollectionId],
    );
    await db.query("INSERT INTO AutoProcProgramMessage (autoProcProgramId, severity) VALUES (900, 'INFO')");

    await db.query("DELETE FROM BLSession WHERE sessionId = ?", [sessionId]);
    for (const table of [
      "ProcessingJob",
      "ProcessingJobParameter",
      "ProcessingJobImageSweep",
      "AutoProcProgramMessage",
    ]) {
      expect(await db.query(`SELECT COUNT(*) AS n FROM ${table}`), table).toEqual([{ n: 0 }]);
    }
    expect(await db.query("SELECT COUNT(*) AS n FROM AutoProcProgram WHERE autoProcProgramId = 900")).toEqual([
      { n: 0 },
    ]);
  });

  test("deleting a job keeps its results, without the link", async () => {
    await using db = await upgradedDatabase(lane, "official");
    await db.query("INSERT INTO ProcessingJob (processingJobId) VALUES (1)");
    await db.query("INSERT INTO AutoProcProgram (autoProcProgramId, processingJobId) VALUES (900, 1)");
    await db.query("DELETE FROM ProcessingJob");
    expect(await db.query("SELECT processingJobId FROM AutoProcProgram WHERE autoProcProgramId = 900")).toEqual([
      { processingJobId: null },
    ]);
  });

  test("if the foreign keys of the database restrict, ours do, too", async () => {
    await using db = await makeDatabase("official");
    const [{ name } = { name: "" }] = await db.query<{ name: string }>(
      "SELECT CONSTRAINT_NAME AS name FROM information_schema.REFERENTIAL_CONSTRAINTS " +
        "WHERE CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = 'DataCollection' AND REFERENCED_TABLE_NAME = 'DataCollectionGroup'",
    );
    await db.query(`ALTER TABLE DataCollection DROP FOREIGN KEY \`${name}\``);
    await db.query(
      `ALTER TABLE DataCollection ADD CONSTRAINT \`${name}\` FOREIGN KEY (dataCollectionGroupId) REFERENCES DataCollectionGroup (dataCollectionGroupId)`,
    );
    await upgrade(db);
    const catalog = await catalogOf(db);
    const rules = [
      "ProcessingJob",
      "ProcessingJobParameter",
      "ProcessingJobImageSweep",
      "AutoProcProgramMessage",
    ].flatMap((table) => catalog.tables[table]?.foreignKeys.map((key) => key.onDelete) ?? []);
    expect(rules).toEqual(["RESTRICT", "RESTRICT", "RESTRICT", "RESTRICT", "RESTRICT"]);
    expect(
      catalog.tables["AutoProcProgram"]?.foreignKeys.find((key) => key.name === "AutoProcProgram_FK2")?.onDelete,
    ).toBe("RESTRICT");
  });

  test("a change while the question is open is seen before the first statement", async () => {
    await using db = await makeDatabase("official");
    const confirm = async () => void (await db.query("CREATE TABLE ProcessingPipeline (name int)"));
    await expect(upgrade(db, { confirm })).rejects.toMatchObject({
      code: "CONFLICT",
      details: { done: "nothing was changed" },
    });
    expect(await db.query("SHOW TABLES LIKE 'ProcessingJob'")).toEqual([]);
  });

  test("the suggested next command repeats the options that were given", async () => {
    await using db = await makeDatabase("official");
    const stop = new AbortController();
    const stopped = upgrade(db, {
      to: "2018_11_01_auto_proc_program_message",
      repair: true,
      allowLate: true,
      signals: { stop: stop.signal, kill: new AbortController().signal },
      progress: () => stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({
      code: "INTERRUPTED",
      details: {
        next: hint("up", {
          options: { to: "2018_11_01_auto_proc_program_message", repair: true, "allow-late": true },
          note: "continues where it stopped",
        }),
      },
    });
  });
});
