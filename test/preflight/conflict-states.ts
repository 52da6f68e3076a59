/** What facilities did to a database before its first `up`, so that something is in the way of a migration. */
import type { TestDatabase } from "../support/servers.ts";

export interface ConflictState {
  readonly name: string;
  readonly sql: readonly string[];
  /** Foreign keys from and to this table are dropped first. */
  readonly withoutKeys?: string;
  /** The state comes after an `up` to this migration. */
  readonly after?: string;
  /** What no statement of ours can solve, or what no skip can. */
  readonly onlySkip?: true;
  readonly neverSkip?: true;
}

/** A processing job as ours, as far as its columns go. */
const columns =
  "dataCollectionId int unsigned, displayName varchar(80), comments varchar(255), " +
  "recordTimestamp timestamp NOT NULL DEFAULT current_timestamp(), recipe varchar(50), automatic tinyint(1)";
const jobs = `CREATE TABLE ProcessingJob (processingJobId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, ${columns})`;

export const conflictStates: readonly ConflictState[] = [
  {
    name: "a table ProcessingJob of the facility's own",
    sql: ["CREATE TABLE ProcessingJob (id int, name varchar(20))"],
  },
  {
    name: "a table ProcessingPipeline of the facility's own, with rows",
    sql: [
      "CREATE TABLE ProcessingPipeline (id int PRIMARY KEY, name varchar(20))",
      "INSERT INTO ProcessingPipeline VALUES (1, 'ours')",
    ],
  },
  {
    name: "a table ProcessingJob without a primary key",
    sql: [`CREATE TABLE ProcessingJob (processingJobId int unsigned NOT NULL, ${columns})`],
  },
  {
    name: "a key of ProcessingJob that refers to another table",
    sql: [
      jobs,
      "ALTER TABLE ProcessingJob ADD CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES BLSession (sessionId)",
    ],
  },
  {
    name: "a key of the link to a job that refers to another table, under a name of the facility",
    sql: [
      "ALTER TABLE AutoProcProgram ADD processingJobId int unsigned",
      "ALTER TABLE AutoProcProgram ADD CONSTRAINT of_collection FOREIGN KEY (processingJobId) REFERENCES DataCollection (dataCollectionId)",
    ],
  },
  {
    name: "a table ProcessingJob without the link to its data collection",
    sql: [jobs, "ALTER TABLE ProcessingJob DROP COLUMN dataCollectionId"],
  },
  {
    name: "parameters with another type of the job's id",
    sql: [
      jobs,
      "CREATE TABLE ProcessingJobParameter (processingJobParameterId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
        "processingJobId varchar(20), parameterKey varchar(80), parameterValue varchar(1024))",
    ],
  },
  {
    name: "a view in the place of a table of ours",
    sql: ["CREATE VIEW AutoProcProgramMessage AS SELECT 1 AS autoProcProgramMessageId"],
  },
  {
    name: "a view in the place of a table of every ISPyB",
    sql: [
      "RENAME TABLE AutoProcProgramAttachment TO Attachment",
      "CREATE VIEW AutoProcProgramAttachment AS SELECT * FROM Attachment",
    ],
  },
  { name: "a table of every ISPyB that is missing", sql: ["DROP TABLE AutoProcProgramAttachment"] },
  {
    name: "MyISAM",
    withoutKeys: "AutoProcProgram",
    sql: ["ALTER TABLE AutoProcProgram ENGINE=MyISAM"],
  },
  {
    name: "MyISAM, in a table that only gets columns",
    withoutKeys: "AutoProcProgramAttachment",
    sql: ["ALTER TABLE AutoProcProgramAttachment ENGINE=MyISAM"],
  },
  {
    name: "partitions",
    withoutKeys: "AutoProcProgram",
    sql: ["ALTER TABLE AutoProcProgram PARTITION BY HASH (autoProcProgramId) PARTITIONS 2"],
  },
  {
    name: "no primary key",
    withoutKeys: "AutoProcProgram",
    sql: ["ALTER TABLE AutoProcProgram MODIFY autoProcProgramId int unsigned NOT NULL, DROP PRIMARY KEY"],
  },
  { name: "jobUuid as text", sql: ["ALTER TABLE AutoProcProgram ADD jobUuid char(36)"] },
  {
    name: "jobUuid as text, after some migrations",
    after: "2024_03_19_2_parameter_key_index",
    sql: ["ALTER TABLE AutoProcProgram ADD jobUuid char(36)"],
  },
  {
    name: "an attachment's deleted as a word",
    sql: ["ALTER TABLE AutoProcProgramAttachment ADD deleted varchar(3) NOT NULL DEFAULT 'no'"],
  },
  {
    name: "a generated column",
    sql: ["ALTER TABLE AutoProcProgram ADD jobUuid binary(16) AS (left(processingPrograms, 16)) VIRTUAL"],
  },
  {
    name: "a generated column that a key of ours would need",
    sql: ["ALTER TABLE AutoProcProgram ADD processingJobId int unsigned AS (char_length(processingPrograms)) STORED"],
  },
  {
    name: "tables of the facility's own with keys that have names of ours",
    sql: [
      "CREATE TABLE ProcessingJob (id int unsigned PRIMARY KEY, dataCollectionId int unsigned, " +
        "CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId))",
      "CREATE TABLE ProcessingJobParameter (id int PRIMARY KEY, job int unsigned, " +
        "CONSTRAINT ProcessingJobParameter_ibfk1 FOREIGN KEY (job) REFERENCES ProcessingJob (id))",
    ],
  },
  {
    name: "three views in the place of tables of ours",
    sql: ["ProcessingJob", "ProcessingJobParameter", "ProcessingJobImageSweep"].map(
      (name) => `CREATE VIEW ${name} AS SELECT autoProcProgramId AS id FROM AutoProcProgram`,
    ),
  },
  {
    name: "partitions of a parent",
    withoutKeys: "DataCollection",
    sql: ["ALTER TABLE DataCollection PARTITION BY HASH (dataCollectionId) PARTITIONS 2"],
  },
  {
    name: "three columns of another kind",
    sql: [
      "ALTER TABLE AutoProcProgram ADD jobUuid char(36), ADD processingJobId varchar(20), " +
        "ADD parentAutoProcProgramId int unsigned NOT NULL DEFAULT 1",
    ],
  },
  {
    name: "messages that are shorter",
    sql: [
      "CREATE TABLE AutoProcProgramMessage (autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
        "autoProcProgramId int unsigned, recordTimeStamp timestamp NOT NULL DEFAULT current_timestamp(), " +
        "severity enum('ERROR','WARNING','INFO') NOT NULL, message varchar(50), description text)",
    ],
  },
  {
    name: "a severity in words",
    sql: [
      "CREATE TABLE AutoProcProgramMessage (autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
        "autoProcProgramId int unsigned, recordTimeStamp timestamp NOT NULL DEFAULT current_timestamp(), " +
        "severity varchar(10) NOT NULL, message varchar(200), description text)",
      "INSERT INTO AutoProcProgramMessage (severity) VALUES ('WARNING')",
    ],
  },
  {
    name: "messages without a severity",
    sql: [
      "CREATE TABLE AutoProcProgramMessage (autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
        "autoProcProgramId int unsigned, recordTimeStamp timestamp NULL, message varchar(200), description text)",
      "INSERT INTO AutoProcProgramMessage (message) VALUES ('no word on how bad it is')",
    ],
  },
  {
    name: "jobs without an id",
    sql: [`CREATE TABLE ProcessingJob (${columns})`, "INSERT INTO ProcessingJob (displayName) VALUES ('one'), ('two')"],
  },
  {
    name: "parameters whose id is gone",
    after: "2018_11_01_auto_proc_program_message",
    neverSkip: true,
    sql: ["ALTER TABLE ProcessingJobParameter DROP COLUMN processingJobParameterId"],
  },
  {
    name: "parameters whose id is no key and has no numbers of its own",
    after: "2018_11_01_auto_proc_program_message",
    neverSkip: true,
    sql: ["ALTER TABLE ProcessingJobParameter MODIFY processingJobParameterId int unsigned NOT NULL, DROP PRIMARY KEY"],
  },
  {
    name: "a column that became shorter, beside one of the facility's own",
    after: "2024_09_25_processing_pipeline_id",
    neverSkip: true,
    sql: ["ALTER TABLE ProcessingJob MODIFY recipe varchar(5)", "ALTER TABLE AutoProcProgram ADD jobUuid char(36)"],
  },
  { name: "no file type", sql: ["ALTER TABLE AutoProcProgramAttachment DROP COLUMN fileType"] },
  {
    name: "a file type under another name",
    sql: ["ALTER TABLE AutoProcProgramAttachment RENAME COLUMN fileType TO kind"],
  },
  { name: "a file type as a number", sql: ["ALTER TABLE AutoProcProgramAttachment MODIFY fileType int"] },
  {
    name: "file types of which a file may have several",
    sql: ["ALTER TABLE AutoProcProgramAttachment MODIFY fileType set('Log','Result','Graph')"],
  },
  {
    name: "a file type of three letters, beside a word in place of deleted",
    sql: [
      "UPDATE AutoProcProgramAttachment SET fileType = 'Log'",
      "ALTER TABLE AutoProcProgramAttachment MODIFY fileType char(3) NOT NULL, " +
        "ADD deleted varchar(3) NOT NULL DEFAULT 'no'",
    ],
  },
  {
    name: "programs with a number in words",
    withoutKeys: "AutoProcProgram",
    onlySkip: true,
    sql: ["ALTER TABLE AutoProcProgram MODIFY autoProcProgramId varchar(20) NOT NULL"],
  },
  {
    name: "data collections with an id of bytes",
    withoutKeys: "DataCollection",
    onlySkip: true,
    sql: ["ALTER TABLE DataCollection MODIFY dataCollectionId binary(16) NOT NULL"],
  },
  {
    name: "data collections with a decimal id",
    withoutKeys: "DataCollection",
    onlySkip: true,
    sql: ["ALTER TABLE DataCollection MODIFY dataCollectionId decimal(10,0) NOT NULL"],
  },
  {
    name: "a view of programs",
    neverSkip: true,
    sql: ["RENAME TABLE AutoProcProgram TO Program", "CREATE VIEW AutoProcProgram AS SELECT * FROM Program"],
  },
  {
    name: "a view of some data collections",
    neverSkip: true,
    sql: [
      "RENAME TABLE DataCollection TO Collection",
      "CREATE VIEW DataCollection AS SELECT * FROM Collection WHERE dataCollectionId < 100",
    ],
  },
  {
    name: "a view of a table of ours, which has another name now",
    after: "2018_11_01_auto_proc_program_message",
    neverSkip: true,
    sql: [
      "RENAME TABLE ProcessingJobParameter TO Parameter",
      "CREATE VIEW ProcessingJobParameter AS SELECT * FROM Parameter",
    ],
  },
  {
    name: "a computed parameter",
    sql: [
      "CREATE TABLE ProcessingJobParameter (processingJobParameterId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
        "processingJobId int unsigned, parameterKey varchar(80) AS (left(parameterValue, 80)) STORED, " +
        "parameterValue varchar(1024))",
    ],
  },
  {
    name: "a computed mark of deleted files",
    sql: ["ALTER TABLE AutoProcProgramAttachment ADD deleted tinyint(1) AS (fileName IS NULL) STORED"],
  },
  {
    name: "attachments in small letters",
    neverSkip: true,
    sql: ["RENAME TABLE AutoProcProgramAttachment TO autoprocprogramattachment"],
  },
  {
    name: "parameters in small letters, after an up",
    after: "2018_11_01_auto_proc_program_message",
    neverSkip: true,
    sql: ["RENAME TABLE ProcessingJobParameter TO processingjobparameter"],
  },
  {
    name: "programs in small letters, and categories of pipelines",
    neverSkip: true,
    sql: [
      "RENAME TABLE AutoProcProgram TO autoprocprogram",
      "CREATE TABLE processingpipelinecategory (processingPipelineCategoryId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
        "name varchar(20) NOT NULL)",
    ],
  },
  {
    name: "no integrations",
    withoutKeys: "AutoProcIntegration",
    sql: ["DROP TABLE AutoProcIntegration"],
  },
  {
    name: "integrations without their program, and programs without two columns",
    withoutKeys: "AutoProcIntegration",
    sql: [
      "ALTER TABLE AutoProcIntegration DROP COLUMN autoProcProgramId",
      "ALTER TABLE AutoProcProgram DROP COLUMN processingEnvironment, DROP COLUMN processingMessage",
    ],
  },
  { name: "a rank with a sign", sql: ["ALTER TABLE AutoProcProgramAttachment ADD importanceRank tinyint"] },
  {
    name: "a column that procedures need, under another name",
    sql: ["ALTER TABLE AutoProcProgram RENAME COLUMN processingEnvironment TO environment"],
  },
];

/** Brings a fresh database into this state; `after` is for the caller. */
export async function bring(db: TestDatabase, { sql, withoutKeys }: ConflictState): Promise<void> {
  const keys =
    withoutKeys === undefined
      ? []
      : await db.query<{ child: string; name: string }>(
          "SELECT DISTINCT TABLE_NAME AS child, CONSTRAINT_NAME AS name FROM information_schema.KEY_COLUMN_USAGE " +
            "WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL AND ? IN (TABLE_NAME, REFERENCED_TABLE_NAME)",
          [withoutKeys],
        );
  for (const { child, name } of keys) await db.query(`ALTER TABLE ${child} DROP FOREIGN KEY ${name}`);
  for (const statement of sql) await db.query(statement);
}
