/** Objects that were created by hand before are recognised, recorded as found, and left unchanged. */
import { expect, test } from "vitest";
import { compareCatalogs } from "../../src/catalog/compare.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { catalogOf, journalOf, migrationNames, takeDown, upgrade } from "../support/upgrade.ts";

/** The form that pull request 35 gives the tables: every key RESTRICT. */
const jobsByHand = [
  "CREATE TABLE ProcessingJob (processingJobId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, dataCollectionId int unsigned, " +
    "displayName varchar(80), comments varchar(255), recordTimestamp timestamp NOT NULL DEFAULT current_timestamp(), " +
    "recipe varchar(50), automatic tinyint(1), KEY ProcessingJob_ibfk1 (dataCollectionId), " +
    "CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
  "CREATE TABLE ProcessingJobImageSweep (processingJobImageSweepId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
    "processingJobId int unsigned, dataCollectionId int unsigned, startImage mediumint unsigned, endImage mediumint unsigned, " +
    "CONSTRAINT ProcessingJobImageSweep_ibfk1 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId), " +
    "CONSTRAINT ProcessingJobImageSweep_ibfk2 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)) ENGINE=InnoDB",
  "CREATE TABLE ProcessingJobParameter (processingJobParameterId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
    "processingJobId int unsigned, parameterKey varchar(80), parameterValue varchar(1024), " +
    "CONSTRAINT ProcessingJobParameter_ibfk1 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId)) ENGINE=InnoDB",
  "ALTER TABLE AutoProcProgram ADD processingJobId int unsigned, ADD KEY AutoProcProgram_FK2 (processingJobId), " +
    "ADD CONSTRAINT AutoProcProgram_FK2 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId)",
];

/** The form of pull request 36: nothing said of NULL, engine and character set. */
const messagesByHand =
  "CREATE TABLE AutoProcProgramMessage (autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
  "autoProcProgramId int unsigned, recordTimeStamp timestamp DEFAULT current_timestamp, severity enum('ERROR','WARNING','INFO'), " +
  "message varchar(200), description text, " +
  "CONSTRAINT AutoProcProgramMessage_fk1 FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId))";

onEveryServer("adoption", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("both pull requests run by hand, with rows and a facility's own additions", async () => {
    await using db = await makeDatabase("official");
    for (const statement of [...jobsByHand, messagesByHand]) await db.query(statement);
    await db.query("ALTER TABLE ProcessingJob ADD COLUMN beamlineTicket varchar(20), ADD KEY byRecipe (recipe)");
    await db.query(
      "INSERT INTO ProcessingJob (dataCollectionId, recipe, beamlineTicket) VALUES (1, 'xia2-dials', 'T1')",
    );
    const before = await catalogOf(db);

    const { recorded, verification } = await upgrade(db);
    expect(recorded).toEqual(await migrationNames());
    expect(verification.differences).toEqual([]);
    expect(verification.notices).toContainEqual({
      what: "column ProcessingJob.beamlineTicket is the facility's own: varchar(20) NULL",
      allowed: true,
    });
    const states = new Map(
      (await journalOf(db)).map((row) => [`${String(row["migration"])} ${String(row["step"])}`, row["state"]]),
    );
    expect(states.get("2017_10_16_1_processing_job_tables 0")).toBe("found");
    expect(states.get("2018_11_01_auto_proc_program_message 1")).toBe("found");
    expect(states.get("2026_07_02_job_uuid 1")).toBe("done");
    expect(states.get("2026_07_03_processing_job_delete_rules 1")).toBe("done");
    expect((await catalogOf(db)).tables["ProcessingJob"]?.foreignKeys).toMatchObject([{ onDelete: "CASCADE" }]);
    expect(await db.query("SELECT beamlineTicket FROM ProcessingJob")).toEqual([{ beamlineTicket: "T1" }]);

    await takeDown(db, { allowDataLoss: false });
    expect(compareCatalogs(before, await catalogOf(db))).toEqual([]);
    expect(await db.query("SELECT beamlineTicket FROM ProcessingJob")).toEqual([{ beamlineTicket: "T1" }]);
  });

  test("a script that stopped half-way is completed", async () => {
    await using db = await makeDatabase("official");
    for (const statement of jobsByHand.slice(0, 2)) await db.query(statement);
    const { verification } = await upgrade(db);
    expect(verification.differences).toEqual([]);
    const states = (await journalOf(db)).filter((row) => row["migration"] === "2017_10_16_1_processing_job_tables");
    expect(states.map((row) => row["state"])).toEqual(["done", "found", "done", "found"]);
  });

  test("a server that does not quote names in SHOW CREATE TABLE is read correctly", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("SET GLOBAL sql_quote_show_create = OFF");
    await upgrade(db);
    const catalog = await catalogOf(db);
    expect(catalog.tables["ProcessingJob"]?.foreignKeys.map((key) => key.onDelete)).toEqual(["CASCADE"]);
  });
});
