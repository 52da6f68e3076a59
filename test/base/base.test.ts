import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { toOwnServer } from "../../src/db/db.ts";
import { loadBase } from "../../src/base/load-base.ts";
import { readBase } from "../../src/base/read-base.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";

onEveryServer("the official base", (lane) => {
  test("is loaded in a fresh database", async () => {
    await using db = await freshDatabase(lane, "official");
    const [rows] = await db.query("SELECT COUNT(*) AS n, MIN(numberOfImages) AS images FROM DataCollection");
    expect(rows).toEqual({ n: 6, images: 1100 });
  });

  test("has the column types that migrations must fit", async () => {
    await using db = await freshDatabase(lane, "official");
    const types = await db.query<{ COLUMN_TYPE: string }>(
      `SELECT COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'DataCollection'
       AND COLUMN_NAME IN ('dataCollectionId', 'dataCollectionGroupId') ORDER BY ORDINAL_POSITION`,
    );
    expect(types.map((row) => row.COLUMN_TYPE.replace(/\(\d+\)/, ""))).toEqual(["int unsigned", "int"]);
  });

  test("deletes a data collection with its programs and their results", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("DELETE FROM DataCollection WHERE dataCollectionId = 1");
    const left = await db.query(
      `SELECT (SELECT COUNT(*) FROM AutoProcProgram) AS programs, (SELECT COUNT(*) FROM AutoProcIntegration) AS integrations`,
    );
    expect(left).toEqual([{ programs: 5, integrations: 1 }]);
  });

  // MySQL 9.7.4 leaves orphans here: with innodb_native_foreign_keys=OFF, its default, a cascade of four
  // levels only follows the first row of the second one. Three levels, as above, are right.
  test.skipIf(lane.vendor === "mysql")("deletes from the session down to the programs", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("DELETE FROM BLSession");
    expect(await db.query("SELECT dataCollectionId FROM AutoProcProgram")).toEqual([{ dataCollectionId: null }]);
  });

  test("loads into an empty database, and refuses one that is not empty", async () => {
    await using empty = await freshDatabase(lane, "empty");
    await using db = await connect({ ...empty, ...toOwnServer });
    const before = await db.rows("SELECT @@sql_mode AS mode");
    await loadBase(db, "official");
    expect(await db.rows("SELECT @@sql_mode AS mode")).toEqual(before);
    expect(await db.rows("SELECT lastUpdate FROM BLSession")).toEqual([{ lastUpdate: "2023-02-02 09:30:00" }]);
    await expect(loadBase(db, "official")).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

onEveryServer("the base of Diamond", (lane) => {
  test("is loaded in a fresh database, with its jobs", async () => {
    await using db = await freshDatabase(lane, "diamond");
    const [rows] = await db.query(
      `SELECT (SELECT COUNT(*) FROM ProcessingJob) AS jobs, (SELECT COUNT(*) FROM ProcessingJobImageSweep) AS sweeps,
       (SELECT COUNT(*) FROM ProcessingJobParameter) AS parameters, (SELECT COUNT(*) FROM ProcessingPipeline) AS pipelines`,
    );
    expect(rows).toEqual({ jobs: 6, sweeps: 7, parameters: 9, pipelines: 16 });
  });

  test("keeps a data collection that has a job, and a job that has a program", async () => {
    await using db = await freshDatabase(lane, "diamond");
    await expect(db.query("DELETE FROM DataCollection WHERE dataCollectionId = 6")).rejects.toThrow("foreign key");
    await db.query("DELETE FROM ProcessingJobParameter");
    await db.query("DELETE FROM ProcessingJobImageSweep");
    await expect(db.query("DELETE FROM ProcessingJob WHERE processingJobId = 1")).rejects.toThrow("foreign key");
  });

  test("has names in SchemaStatus that end in blanks", async () => {
    await using db = await freshDatabase(lane, "diamond");
    const [row] = await db.query("SELECT COUNT(*) AS n FROM SchemaStatus WHERE scriptName LIKE '%.sql %'");
    expect(row).toEqual({ n: 2 });
  });
});

test.each(["official", "diamond"] as const)(
  "the base %s has one statement per semicolon, and none inside a string",
  async (base) => {
    let count = 0;
    for await (const { bytes } of readBase(base)) {
      expect(bytes).toMatch(/^(CREATE TABLE|INSERT INTO) /);
      expect(bytes).not.toContain(";");
      count += 1;
    }
    expect(count).toBeGreaterThan(30);
  },
);
