import {
  jobOfProgram,
  jobRows,
  jobTables,
  jobsOfPrograms,
  messageRows,
  messageRowsWithoutTime,
  messageTable,
} from "./pull-requests.ts";
import { type State, and, ledger, without } from "./state.ts";

const PR35 = "2022_10_06_ProcessingJob.sql";
const PR36 = "2022_10_06_AutoProcProgramMessage.sql";

/** Titles, so that a state says in words what is left to do for it. */
const tables = ["ProcessingJob", "ProcessingJobParameter", "ProcessingJobImageSweep"].map(
  (name) => `create table ${name}`,
);
const link = [
  "add column AutoProcProgram.processingJobId",
  "add key AutoProcProgram.AutoProcProgram_FK2 (processingJobId)",
  "add foreign key AutoProcProgram.AutoProcProgram_FK2 → ProcessingJob",
];
const messages = ["create table AutoProcProgramMessage"];
const key =
  "add key ProcessingJobParameter.ProcessingJobParameter_idx_paramKey_procJobId (parameterKey, processingJobId)";
const since = [
  "add column AutoProcProgramAttachment.importanceRank",
  "add enum value 'Debug' to AutoProcProgramAttachment.fileType",
  "create table ProcessingPipelineCategory",
  "insert rows into ProcessingPipelineCategory",
  "create table ProcessingPipeline",
  "insert rows into ProcessingPipeline",
  "add enum value 'Input' to AutoProcProgramAttachment.fileType",
  key,
  "add column AutoProcProgram.processingPipelineId",
  "add column AutoProcProgramAttachment.deleted",
  "add column AutoProcProgram.parentAutoProcProgramId",
  "add key AutoProcProgram.AutoProcProgram_fk_parentAutoProcProgramId (parentAutoProcProgramId)",
  "add foreign key AutoProcProgram.AutoProcProgram_fk_parentAutoProcProgramId → AutoProcProgram",
  "add column AutoProcProgram.jobUuid",
];
/** The official schema cascades, and the pull requests do not. */
const rules = [
  "change delete rule of ProcessingJob (dataCollectionId) → DataCollection",
  "change delete rule of ProcessingJobParameter (processingJobId) → ProcessingJob",
  "change delete rule of ProcessingJobImageSweep (processingJobId) → ProcessingJob",
  "change delete rule of ProcessingJobImageSweep (dataCollectionId) → DataCollection",
];
const ruleOfLink = "change delete rule of AutoProcProgram (processingJobId) → ProcessingJob";
const ruleOfMessages = "change delete rule of AutoProcProgramMessage (autoProcProgramId) → AutoProcProgram";
const severity = [
  "fill NULLs of AutoProcProgramMessage.severity",
  "change column AutoProcProgramMessage.severity to enum('ERROR','WARNING','INFO') NOT NULL",
];
const time = [
  "fill NULLs of AutoProcProgramMessage.recordTimeStamp",
  "change column AutoProcProgramMessage.recordTimeStamp to timestamp NOT NULL DEFAULT current_timestamp()",
];
const widening = "change column ProcessingJobParameter.parameterValue to varchar(1024) NULL";

const official: State = {
  name: "official",
  base: "official",
  sql: [],
  done: [...tables, ...link, ...messages, ...since],
};

const withJobs = and(official, {
  name: "PR 35",
  sql: [...jobTables, jobOfProgram, ...jobRows, ...jobsOfPrograms, ledger("DONE", PR35)],
  done: [...messages, ...since, ...rules, ruleOfLink],
});

const severityFilled = { "AutoProcProgramMessage.severity": "COALESCE(severity, 'INFO')" };

/** As MariaDB before 10.10 makes it, in a database of latin1. */
const withMessages = and(withJobs, {
  name: "PR 36",
  sql: [
    messageTable({ time: "NOT NULL", charset: "ENGINE=InnoDB DEFAULT CHARSET=latin1" }),
    messageRows,
    ledger("DONE", PR36),
  ],
  done: [...since, ...severity, ...rules, ruleOfLink, ruleOfMessages],
  fills: severityFilled,
});

/** As MySQL and newer MariaDB make it, in the character set of the database. */
const withTimelessMessages = and(withJobs, {
  name: "PR 36 where a time may be NULL",
  sql: [messageTable({ time: "NULL", charset: "" }), messageRows, messageRowsWithoutTime, ledger("DONE", PR36)],
  done: [...since, ...severity, ...time, ...rules, ruleOfLink, ruleOfMessages],
  fills: {
    ...severityFilled,
    "AutoProcProgramMessage.recordTimeStamp":
      "COALESCE(recordTimeStamp, (SELECT p.recordTimeStamp FROM AutoProcProgram AS p " +
      "WHERE p.autoProcProgramId = AutoProcProgramMessage.autoProcProgramId), '1970-01-02 00:00:00')",
  },
});

/** What a facility adds to tables that are not ours. */
const own = [
  "ALTER TABLE AutoProcProgram ADD clusterName varchar(40) DEFAULT 'local', ADD KEY byEnd (processingEndTime)",
  "UPDATE AutoProcProgram SET clusterName = 'gpu' WHERE autoProcProgramId = 2",
  "ALTER TABLE AutoProcProgramAttachment MODIFY fileType enum('Log','Result','Graph','Thumbnail') DEFAULT NULL",
  "INSERT INTO AutoProcProgramAttachment (autoProcProgramId, fileType, fileName) VALUES (1, 'Thumbnail', 'crystal.png')",
  "ALTER TABLE DataCollection ADD robotSpeed float DEFAULT NULL",
];
const ownJobs = [
  "ALTER TABLE ProcessingJob ADD beamlineTicket varchar(20) NOT NULL DEFAULT '', ADD KEY byRecipe (recipe, automatic)",
  "UPDATE ProcessingJob SET beamlineTicket = CONCAT('T', processingJobId)",
  "ALTER TABLE ProcessingJobImageSweep ADD step smallint unsigned DEFAULT 1",
  "CREATE INDEX parameterByKey ON ProcessingJobParameter (parameterKey(10))",
];
const ownMessages = [
  "ALTER TABLE AutoProcProgramMessage ADD host varchar(60), ADD KEY bySeverity (severity, recordTimeStamp), " +
    "MODIFY severity enum('ERROR','WARNING','INFO','DEBUG') DEFAULT NULL",
  "INSERT INTO AutoProcProgramMessage (autoProcProgramId, recordTimeStamp, severity, message, host) VALUES " +
    "(5, '2023-02-01 11:14:00', 'DEBUG', 'retried', 'node-7')",
];

export const officialStates: readonly State[] = [
  official,
  and(official, { name: "the facility's additions", sql: own }),

  withJobs,
  and(withJobs, { name: "the facility's additions", sql: [...own, ...ownJobs] }),
  and(withJobs, {
    name: "the index of 2024 under another name",
    sql: ["CREATE INDEX parametersOfJobs ON ProcessingJobParameter (parameterKey, processingJobId)"],
    done: without(withJobs.done, [key]),
  }),
  and(withJobs, {
    name: "parameterValue still 255 wide",
    sql: ["ALTER TABLE ProcessingJobParameter MODIFY parameterValue varchar(255) DEFAULT NULL"],
    done: [...withJobs.done, widening],
  }),

  withMessages,
  and(withMessages, { name: "the facility's additions", sql: [...own, ...ownJobs, ...ownMessages] }),
  withTimelessMessages,
  and(withTimelessMessages, { name: "the facility's additions", sql: [...own, ...ownJobs, ...ownMessages] }),

  and(official, {
    name: "PR 35 stopped after its first table",
    sql: [ledger("ONGOING", PR35), jobTables[0]],
    done: [...without(official.done, ["create table ProcessingJob"]), ...rules.slice(0, 1)],
  }),
  and(official, {
    name: "PR 35 stopped before the programs",
    sql: [ledger("ONGOING", PR35), ...jobTables, ...jobRows],
    done: [...without(official.done, tables), ...rules],
  }),
  and(withJobs, { name: "PR 36 stopped before its table", sql: [ledger("ONGOING", PR36)] }),
  and(withMessages, {
    name: "stopped before it was done",
    sql: [`UPDATE SchemaStatus SET schemaStatus = 'ONGOING' WHERE scriptName = '${PR36}'`],
  }),
];
