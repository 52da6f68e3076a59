/** Tables and views in the place of ours, or of those that every ISPyB has. */
import type { ConflictState } from "./conflict-state.ts";

/** A processing job as ours, as far as its columns go. */
const columns =
  "dataCollectionId int unsigned, displayName varchar(80), comments varchar(255), " +
  "recordTimestamp timestamp NOT NULL DEFAULT current_timestamp(), recipe varchar(50), automatic tinyint(1)";
const jobs = `CREATE TABLE ProcessingJob (processingJobId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, ${columns})`;

export const tableConflicts: readonly ConflictState[] = [
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
    name: "a table ProcessingJob without a primary key, whose ids may be NULL",
    sql: [`CREATE TABLE ProcessingJob (processingJobId int unsigned, ${columns})`],
  },
  {
    name: "a key of ProcessingJob that refers to another table",
    sql: [
      jobs,
      "ALTER TABLE ProcessingJob ADD CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES BLSession (sessionId)",
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
    name: "parameters without a primary key, before the jobs that they refer to",
    sql: [
      "CREATE TABLE ProcessingJobParameter (processingJobParameterId int unsigned NOT NULL, processingJobId int unsigned, " +
        "parameterKey varchar(80), parameterValue varchar(1024))",
    ],
  },
  {
    name: "partitions of the sweeps, before the jobs that they refer to",
    sql: [
      "CREATE TABLE ProcessingJobImageSweep (processingJobImageSweepId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
        "processingJobId int unsigned, dataCollectionId int unsigned, startImage mediumint unsigned, endImage mediumint unsigned) " +
        "PARTITION BY HASH (processingJobImageSweepId) PARTITIONS 2",
    ],
  },
  {
    name: "pipelines without their key, before the categories that they refer to",
    sql: [
      "CREATE TABLE ProcessingPipeline (processingPipelineId int unsigned NOT NULL, processingPipelineCategoryId int unsigned, " +
        "name varchar(20) NOT NULL, discipline varchar(10) NOT NULL, " +
        "pipelineStatus enum('automatic','optional','deprecated'), reprocessing tinyint(1) DEFAULT 1)",
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
    name: "jobs of another kind, with their parameters",
    sql: [
      jobs,
      "ALTER TABLE ProcessingJob MODIFY displayName varchar(20)",
      "CREATE TABLE ProcessingJobParameter (processingJobParameterId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
        "processingJobId int unsigned, parameterKey varchar(80), parameterValue varchar(1024), " +
        "CONSTRAINT own FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId))",
    ],
  },
  {
    name: "a parameter's key as a text",
    sql: [
      jobs,
      "CREATE TABLE ProcessingJobParameter (processingJobParameterId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
        "processingJobId int unsigned, parameterKey text, parameterValue varchar(1024))",
    ],
  },
];
