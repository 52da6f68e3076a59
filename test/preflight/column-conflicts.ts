/** Columns, keys and rows in the way of ours. */
import type { ConflictState } from "./conflict-state.ts";

export const columnConflicts: readonly ConflictState[] = [
  {
    name: "a key of the link to a job that refers to another table, under a name of the facility",
    sql: [
      "ALTER TABLE AutoProcProgram ADD processingJobId int unsigned",
      "ALTER TABLE AutoProcProgram ADD CONSTRAINT of_collection FOREIGN KEY (processingJobId) REFERENCES DataCollection (dataCollectionId)",
    ],
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
    name: "three columns of another kind",
    sql: [
      "ALTER TABLE AutoProcProgram ADD jobUuid char(36), ADD processingJobId varchar(20), " +
        "ADD parentAutoProcProgramId int unsigned NOT NULL DEFAULT 1",
    ],
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
    name: "a computed mark of deleted files",
    sql: ["ALTER TABLE AutoProcProgramAttachment ADD deleted tinyint(1) AS (fileName IS NULL) STORED"],
  },
  {
    name: "integrations without their program, and programs without two columns",
    withoutKeys: "AutoProcIntegration",
    sql: [
      "ALTER TABLE AutoProcIntegration DROP COLUMN autoProcProgramId",
      "ALTER TABLE AutoProcProgram DROP COLUMN processingEnvironment, DROP COLUMN processingMessage",
    ],
  },
  {
    name: "programs of no job",
    neverSkip: true,
    sql: [
      "ALTER TABLE AutoProcProgram ADD processingJobId int unsigned",
      "UPDATE AutoProcProgram SET processingJobId = 99",
    ],
  },
  {
    name: "programs of no job, after the jobs",
    after: "2017_10_16_1_processing_job_tables",
    neverSkip: true,
    sql: [
      "ALTER TABLE AutoProcProgram ADD processingJobId int unsigned",
      "UPDATE AutoProcProgram SET processingJobId = 99",
    ],
  },
  {
    name: "a program whose parent is gone",
    neverSkip: true,
    sql: [
      "ALTER TABLE AutoProcProgram ADD parentAutoProcProgramId int unsigned",
      "UPDATE AutoProcProgram SET parentAutoProcProgramId = 999 WHERE autoProcProgramId = 1",
    ],
  },
  {
    name: "a program's parent with a sign",
    sql: ["ALTER TABLE AutoProcProgram ADD parentAutoProcProgramId int"],
  },
  { name: "a rank with a sign", sql: ["ALTER TABLE AutoProcProgramAttachment ADD importanceRank tinyint"] },
  {
    name: "a column that procedures need, under another name",
    sql: ["ALTER TABLE AutoProcProgram RENAME COLUMN processingEnvironment TO environment"],
  },
];
