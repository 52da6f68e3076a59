/** Columns that clients know, in other forms: theirs before `up`, and ours where they are there already. */
import { type Change, harmful, harmless } from "./change.ts";

const modify = (table: string, column: string) => (definition: string) =>
  `ALTER TABLE ${table} MODIFY ${column} ${definition}`;
const wider = (table: string, column: string, ...definitions: readonly string[]) =>
  definitions.map((definition) => harmless(`${table}.${column} ${definition}`, modify(table, column)(definition)));
const other = (table: string, column: string, ...definitions: readonly string[]) =>
  definitions.map((definition) => harmful(`${table}.${column} ${definition}`, modify(table, column)(definition)));
const there = (table: string, column: string, ...definitions: readonly string[]) =>
  definitions.map((definition) =>
    harmless(`${table}.${column} already there, ${definition}`, `ALTER TABLE ${table} ADD ${column} ${definition}`),
  );
const thereOtherwise = (table: string, column: string, ...definitions: readonly string[]) =>
  definitions.map((definition) =>
    harmful(`${table}.${column} already there, ${definition}`, `ALTER TABLE ${table} ADD ${column} ${definition}`),
  );
const compressed = (table: string, column: string, definition: string) =>
  harmless(`${table}.${column} compressed`, { mariadb: modify(table, column)(`${definition} COMPRESSED`) });

const [program, attachment, message] = [
  "AutoProcProgram",
  "AutoProcProgramAttachment",
  "AutoProcProgramMessage",
] as const;
const [job, parameter, sweep, pipeline] = [
  "ProcessingJob",
  "ProcessingJobParameter",
  "ProcessingJobImageSweep",
  "ProcessingPipeline",
] as const;

const theirs: readonly Change[] = [
  ...wider(
    program,
    "processingPrograms",
    "varchar(1024)",
    "text",
    "varchar(255) CHARACTER SET utf8mb4",
    "varchar(255) NOT NULL DEFAULT ''",
  ),
  ...wider(program, "processingCommandLine", "mediumtext", "varchar(255) INVISIBLE"),
  ...wider(
    program,
    "processingMessage",
    "varchar(1000) COMMENT 'the last word'",
    "varchar(255) CHECK (length(processingMessage) < 300)",
  ),
  ...wider(program, "recordTimeStamp", "datetime(6)", "timestamp NULL DEFAULT current_timestamp"),
  ...wider(
    program,
    "processingStatus",
    "enum('RUNNING','FAILED','SUCCESS','0','1','ABORTED')",
    "enum('QUEUED','RUNNING','FAILED','SUCCESS','0','1')",
  ),
  ...wider(
    attachment,
    "fileType",
    "enum('Log','Result','Graph','Picture')",
    "enum('Picture','Log','Result','Graph')",
    "enum('Log','Result','Graph','Debug')",
    "enum('Log','Result','Graph','Input','Debug')",
    "enum('Log','Result','Graph') NOT NULL DEFAULT 'Log'",
    "enum('Log','Result','Graph') CHARACTER SET utf8mb4 DEFAULT NULL",
    "enum('Log','Result','Graph') COMMENT 'it''s the type'",
    "enum('Log','Result','Graph') INVISIBLE",
    "enum('Log','Result','Graph','Debug','Input') COLLATE latin1_bin",
  ),
  harmful(`${attachment}.fileType enum with a CHECK of its own`, {
    mariadb: modify(attachment, "fileType")("enum('Log','Result','Graph') CHECK (fileType <> 'x')"),
  }),
  ...other(attachment, "fileType", "varchar(20)", "int", "enum('Log','Result','Graph','DEBUG')"),
  ...wider(attachment, "filePath", "varchar(1024)", "text"),
  ...wider(attachment, "autoProcProgramId", "int unsigned NOT NULL COMMENT 'parent'"),
];

const ours: readonly Change[] = [
  ...there(program, "processingJobId", "int unsigned", "int unsigned COMMENT 'job'", "int unsigned INVISIBLE"),
  ...thereOtherwise(program, "processingJobId", "int", "bigint unsigned", "varchar(20)"),
  ...there(
    program,
    "processingPipelineId",
    "int unsigned",
    "int",
    "bigint unsigned",
    "int unsigned NOT NULL DEFAULT 0",
    "int unsigned INVISIBLE",
  ),
  ...thereOtherwise(program, "processingPipelineId", "varchar(20)", "tinyint"),
  ...there(program, "parentAutoProcProgramId", "int unsigned", "int unsigned COMMENT 'up'"),
  ...thereOtherwise(program, "parentAutoProcProgramId", "int", "bigint"),
  ...there(program, "jobUuid", "binary(16)", "varbinary(16)", "binary(16) INVISIBLE", "binary(16) COMMENT 'x'"),
  harmless(`${program}.jobUuid already there, uuid`, { mariadb: `ALTER TABLE ${program} ADD jobUuid uuid` }),
  ...thereOtherwise(program, "jobUuid", "char(36)", "binary(32)", "text"),
  ...there(
    attachment,
    "importanceRank",
    "tinyint unsigned",
    "int",
    "smallint unsigned",
    "tinyint unsigned NOT NULL DEFAULT 1",
  ),
  ...thereOtherwise(attachment, "importanceRank", "tinyint", "varchar(3)"),
  ...there(
    attachment,
    "deleted",
    "tinyint(1) NOT NULL DEFAULT 0",
    "tinyint(1)",
    "tinyint(1) DEFAULT 1",
    "int DEFAULT 0",
    "boolean DEFAULT false INVISIBLE",
  ),
  ...thereOtherwise(attachment, "deleted", "datetime", "enum('yes','no')"),

  ...wider(
    job,
    "displayName",
    "varchar(255)",
    "text",
    "varchar(80) NOT NULL DEFAULT ''",
    "varchar(80) CHARACTER SET utf8mb4",
    "varchar(80) DEFAULT 'job'",
    "varchar(80) INVISIBLE",
  ),
  ...wider(job, "comments", "text", "mediumtext", "varchar(2000)", "varchar(255) COMMENT 'ours'"),
  ...wider(job, "recipe", "varchar(255) COLLATE latin1_bin", "varchar(50) NOT NULL DEFAULT 'none'"),
  ...wider(job, "automatic", "tinyint(1) NOT NULL DEFAULT 0", "tinyint", "int", "tinyint(1) DEFAULT 1"),
  ...wider(
    job,
    "recordTimestamp",
    "timestamp NULL DEFAULT current_timestamp",
    "timestamp(6) NOT NULL DEFAULT current_timestamp(6)",
    "timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp",
  ),
  compressed(job, "comments", "varchar(255)"),
  ...other(job, "displayName", "varchar(20)", "varbinary(80)"),
  ...other(job, "recordTimestamp", "timestamp NULL", "varchar(30)"),
  ...other(job, "automatic", "enum('0','1')"),

  ...wider(
    parameter,
    "parameterValue",
    "text",
    "mediumtext",
    "varchar(2048)",
    "varchar(512)",
    "varchar(255)",
    "varchar(255) NOT NULL DEFAULT ''",
    "varchar(255) COMMENT 'v'",
    "varchar(255) INVISIBLE",
    "varchar(255) CHARACTER SET utf8mb4",
    "varchar(100) CHECK (parameterValue <> 'x')",
  ),
  ...wider(parameter, "parameterKey", "varchar(255)", "varchar(80) NOT NULL DEFAULT ''"),
  compressed(parameter, "parameterValue", "varchar(255)"),
  compressed(parameter, "parameterValue", "varchar(1024)"),
  ...other(parameter, "parameterValue", "varchar(64)", "blob"),
  ...other(parameter, "parameterKey", "varchar(20)", "text"),

  ...wider(sweep, "startImage", "int unsigned", "bigint", "mediumint unsigned NOT NULL DEFAULT 1"),
  ...other(sweep, "endImage", "mediumint", "smallint unsigned", "float"),

  ...wider(
    message,
    "severity",
    "enum('ERROR','WARNING','INFO','DEBUG')",
    "enum('DEBUG','ERROR','WARNING','INFO')",
    "enum('ERROR','WARNING','INFO') COMMENT 's'",
    "enum('ERROR','WARNING','INFO') INVISIBLE",
    "enum('ERROR','WARNING','INFO') DEFAULT 'INFO'",
    "enum('ERROR','WARNING','INFO') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
  ),
  ...wider(message, "message", "varchar(255)", "text", "varchar(200) NOT NULL DEFAULT ''"),
  ...wider(
    message,
    "description",
    "mediumtext",
    "longtext",
    "text CHARACTER SET utf8mb4",
    "varchar(20000)",
    "text INVISIBLE",
  ),
  ...wider(
    message,
    "recordTimeStamp",
    "timestamp(3) NULL DEFAULT current_timestamp(3)",
    "timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp",
  ),
  compressed(message, "description", "text"),
  ...other(message, "description", "tinytext"),
  ...other(message, "severity", "varchar(10)", "enum('ERROR','INFO')"),

  ...wider(pipeline, "name", "varchar(255) NOT NULL", "varchar(20)"),
  ...wider(pipeline, "pipelineStatus", "enum('automatic','optional','deprecated','new')"),
  ...other(pipeline, "discipline", "varchar(2)"),
];

export const columnChanges: readonly Change[] = [...theirs, ...ours];
