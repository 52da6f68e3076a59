/**
 * The forms in which facilities have the processing tables, taken through every step of every migration:
 * missing objects are created, existing ones are kept, and rows get the values that the migrations state.
 */
import { expect, test } from "vitest";
import { formatDifference } from "../../src/catalog/difference.ts";
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { addEnumValue } from "../../src/steps/define.ts";
import { inspect, tablesOf } from "../../src/steps/index.ts";
import type { Step } from "../../src/steps/step.ts";
import { factsFor, play } from "../steps/play.ts";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { sharedServer } from "../support/shared-server.ts";
import { targetOf } from "../support/upgrade.ts";

const migrations = await loadMigrations();
const steps = migrations.flatMap((migration) => migration.steps);

/** Pull request 35 before the parameters grew: every key RESTRICT, no index of its own. */
const jobs = [
  "CREATE TABLE ProcessingJob (processingJobId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, dataCollectionId int unsigned, " +
    "displayName varchar(80), comments varchar(255), recordTimestamp timestamp NOT NULL DEFAULT current_timestamp(), " +
    "recipe varchar(50), automatic tinyint(1), " +
    "CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
  "CREATE TABLE ProcessingJobImageSweep (processingJobImageSweepId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
    "processingJobId int unsigned, dataCollectionId int unsigned, startImage mediumint unsigned, endImage mediumint unsigned, " +
    "CONSTRAINT ProcessingJobImageSweep_ibfk1 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId), " +
    "CONSTRAINT ProcessingJobImageSweep_ibfk2 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
  "CREATE TABLE ProcessingJobParameter (processingJobParameterId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
    "processingJobId int unsigned, parameterKey varchar(80), parameterValue varchar(255), " +
    "CONSTRAINT ProcessingJobParameter_ibfk1 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
  "ALTER TABLE AutoProcProgram ADD processingJobId int unsigned, " +
    "ADD CONSTRAINT AutoProcProgram_FK2 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId)",
  "INSERT INTO ProcessingJob (processingJobId, dataCollectionId, recipe) VALUES (1, 1, 'xia2-dials')",
  "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES (1, 'd_min', REPEAT('1', 255))",
  "INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES (1, 1, 1, 1100)",
  "UPDATE AutoProcProgram SET processingJobId = 1 WHERE autoProcProgramId IN (1, 6)",
];

/** Pull request 36 on servers where a timestamp is NULL by default. */
const messages = [
  "CREATE TABLE AutoProcProgramMessage (autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
    "autoProcProgramId int unsigned, recordTimeStamp timestamp NULL DEFAULT current_timestamp, severity enum('ERROR','WARNING','INFO'), " +
    "message varchar(200), description text, " +
    "CONSTRAINT AutoProcProgramMessage_fk1 FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId))",
  "UPDATE AutoProcProgram SET recordTimeStamp = NULL WHERE autoProcProgramId = 2",
  "UPDATE AutoProcProgram SET recordTimeStamp = '2107-01-01 00:00:00' WHERE autoProcProgramId = 3",
  "INSERT INTO AutoProcProgramMessage (autoProcProgramId, recordTimeStamp, severity, message) VALUES " +
    "(1, NULL, NULL, 'of its program'), (2, NULL, 'ERROR', 'program without a time'), (3, NULL, NULL, 'program out of time'), " +
    "(NULL, NULL, NULL, 'no program'), (1, '2020-01-01 00:00:00', 'WARNING', 'complete')",
];

/** The pipelines of 2020, with one that the facility has taken over and one of its own. */
const pipelines = [
  "CREATE TABLE ProcessingPipelineCategory (processingPipelineCategoryId int unsigned AUTO_INCREMENT PRIMARY KEY, name varchar(20) NOT NULL)",
  "CREATE TABLE ProcessingPipeline (processingPipelineId int unsigned AUTO_INCREMENT PRIMARY KEY, processingPipelineCategoryId int unsigned, " +
    "name varchar(20) NOT NULL, discipline varchar(10) NOT NULL, pipelineStatus enum('automatic','optional','deprecated'), reprocessing tinyint(1) DEFAULT 1, " +
    "CONSTRAINT ProcessingPipeline_fk1 FOREIGN KEY (processingPipelineCategoryId) REFERENCES ProcessingPipelineCategory (processingPipelineCategoryId))",
  "INSERT INTO ProcessingPipelineCategory VALUES (1, 'screening'), (2, 'processing')",
  "INSERT INTO ProcessingPipeline VALUES (4, 2, 'xia2/3dii', 'MX', 'deprecated', 0), (16, NULL, 'our own', 'EM', NULL, NULL), (17, 2, 'another', 'MX', NULL, 1)",
];

/** The design of 2017-09, when jobs were called Reprocessing. */
const reprocessing = [
  "CREATE TABLE Reprocessing (reprocessingId int unsigned AUTO_INCREMENT PRIMARY KEY, dataCollectionId int unsigned, recipe varchar(50)) ENGINE=InnoDB",
  "CREATE TABLE ReprocessingImageSweep (reprocessingImageSweepId int unsigned AUTO_INCREMENT PRIMARY KEY, reprocessingId int unsigned, " +
    "CONSTRAINT ReprocessingImageSweep_fk1 FOREIGN KEY (reprocessingId) REFERENCES Reprocessing (reprocessingId)) ENGINE=InnoDB",
  "CREATE TABLE ReprocessingParameter (reprocessingParameterId int unsigned AUTO_INCREMENT PRIMARY KEY, reprocessingId int unsigned, " +
    "CONSTRAINT ReprocessingParameter_fk1 FOREIGN KEY (reprocessingId) REFERENCES Reprocessing (reprocessingId)) ENGINE=InnoDB",
  "ALTER TABLE AutoProcProgram ADD reprocessingId int unsigned, ADD KEY AutoProcProgram_FK2 (reprocessingId), " +
    "ADD CONSTRAINT AutoProcProgram_FK2 FOREIGN KEY (reprocessingId) REFERENCES Reprocessing (reprocessingId)",
];

/** What the steps have to say once they are all there. */
async function noticesOf(db: Db): Promise<string[]> {
  const told: string[] = [];
  for (const [at, step] of steps.entries()) {
    const verdict = inspect(step, await factsFor(db, step, steps.slice(at + 1), tablesOf(step)));
    if (verdict.state !== "present") expect.fail(`step ${at + 1} is ${verdict.state}: ${JSON.stringify(step)}`);
    told.push(...verdict.notices.map(formatDifference));
  }
  return told;
}

const kindsOf = (done: readonly Step[]) => done.map((step) => step.kind);

onEveryServer("every form is adopted", (lane) => {
  const makeDatabase = sharedServer(lane);

  test("no processing tables: everything is created, and a second run changes nothing", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    const done = await play(session, steps);
    // The tables come in the form that the later migrations would give them.
    for (const kind of ["changeColumn", "changeDeleteRule", "fillNulls", "leaveBehind"] as const)
      expect(kindsOf(done)).not.toContain(kind);
    expect(await noticesOf(session)).toEqual([]);
    expect(await play(session, steps)).toEqual([]);
    const { catalog } = await factsFor(session, addEnumValue("AutoProcProgramAttachment", "fileType", ""));
    const types = Object.fromEntries(
      (catalog.tables["AutoProcProgramAttachment"]?.columns ?? []).map(({ name, type }) => [name, type]),
    );
    expect(types).toMatchObject({
      fileType: "enum('Log','Result','Graph','Debug','Input')",
      importanceRank: "tinyint unsigned",
      deleted: "tinyint(1)",
    });
  });

  test("pull requests 35 and 36 with rows", async () => {
    await using db = await freshDatabase(lane, "official");
    await db.query("SET GLOBAL time_zone = '+02:00'");
    await using session = await connect(targetOf(db));
    for (const statement of [...jobs, ...messages]) await session.run(statement);
    const done = await play(session, steps);
    expect(done.filter((step) => step.kind === "changeDeleteRule")).toHaveLength(6);
    expect(done.filter((step) => step.kind === "changeColumn")).toHaveLength(3);

    const told = await session.rows<{ severity: string; at: string }>(
      "SELECT severity, CAST(recordTimeStamp AS CHAR) AS at FROM AutoProcProgramMessage ORDER BY autoProcProgramMessageId",
    );
    const never = "1970-01-01 22:00:00";
    expect(told.map(({ severity, at }) => `${severity} ${at}`)).toEqual([
      "INFO 2023-02-01 08:09:00",
      `ERROR ${never}`,
      `INFO ${never}`,
      `INFO ${never}`,
      "WARNING 2020-01-01 00:00:00",
    ]);
    // The facility's own names and character sets are told; what a later migration of ours did is not.
    const notices = (await noticesOf(session)).filter((notice) => !/, (?:character set|collation): /.test(notice));
    expect(notices).toEqual([]);
    expect(await play(session, steps)).toEqual([]);

    await session.run("DELETE FROM ProcessingJob");
    expect(await session.rows("SELECT * FROM ProcessingJobParameter")).toEqual([]);
    expect(await session.rows("SELECT COUNT(*) AS n FROM AutoProcProgram WHERE processingJobId IS NULL")).toEqual([
      { n: 6 },
    ]);
    await session.run("DELETE FROM AutoProcProgram WHERE autoProcProgramId < 3");
    const left = await session.rows<{ message: string }>(
      "SELECT message FROM AutoProcProgramMessage ORDER BY autoProcProgramMessageId",
    );
    expect(left.map((row) => row.message)).toEqual(["program out of time", "no program"]);
  });

  test("the same if foreign keys restrict: existing keys stay unchanged", async () => {
    await using db = await makeDatabase("official");
    await db.query(
      "ALTER TABLE DataCollection DROP FOREIGN KEY DataCollection_ibfk_3, ADD CONSTRAINT DataCollection_ibfk_9 " +
        "FOREIGN KEY (dataCollectionGroupId) REFERENCES DataCollectionGroup (dataCollectionGroupId)",
    );
    await using session = await connect(targetOf(db));
    for (const statement of jobs) await session.run(statement);
    expect(kindsOf(await play(session, steps))).not.toContain("changeDeleteRule");
    await expect(session.run("DELETE FROM ProcessingJob")).rejects.toThrow(/foreign key/);
  });

  test("lookup ids that are missing, and ids that are in use", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    for (const statement of pipelines) await session.run(statement);
    await play(session, steps);
    const rows = await session.rows<{ id: number; name: string }>(
      "SELECT processingPipelineId AS id, name FROM ProcessingPipeline ORDER BY 1",
    );
    expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 17 }, (_, at) => at + 1));
    expect(rows[3]?.name).toBe("xia2/3dii");
    expect(await session.rows("SELECT name FROM ProcessingPipelineCategory")).toHaveLength(3);
    expect((await noticesOf(session)).filter((notice) => notice.startsWith("row "))).toEqual([
      "row 4 of ProcessingPipeline, name: xia2/3dii instead of xia2/XDS",
      "row 16 of ProcessingPipeline, processingPipelineCategoryId: NULL instead of 2",
      "row 16 of ProcessingPipeline, name: our own instead of xia2/3dii (multi)",
      "row 16 of ProcessingPipeline, discipline: EM instead of MX",
      "row 16 of ProcessingPipeline, pipelineStatus: NULL instead of automatic",
      "row 16 of ProcessingPipeline, reprocessing: NULL instead of 0",
    ]);
  });

  test("Reprocessing, empty and filled", async () => {
    await using db = await makeDatabase("official");
    await using session = await connect(targetOf(db));
    for (const statement of reprocessing) await session.run(statement);
    await play(session, steps);
    const left = (await noticesOf(session)).filter((notice) => notice.includes("left over"));
    expect(left).toHaveLength(4);
    await session.run("INSERT INTO Reprocessing (recipe) VALUES ('xia2')");
    await session.run("UPDATE AutoProcProgram SET reprocessingId = 1 WHERE autoProcProgramId = 1");
    await expect(play(session, steps)).rejects.toThrow("AutoProcProgram.reprocessingId");
    await session.run("UPDATE AutoProcProgram SET reprocessingId = NULL");
    for (const line of left) {
      for (const sql of line
        .replace(/^.*to drop it: /, "")
        .split(/;\s*/)
        .filter(Boolean))
        await session.run(sql);
    }
    expect((await noticesOf(session)).filter((notice) => notice.includes("left over"))).toEqual([]);
  });
});
