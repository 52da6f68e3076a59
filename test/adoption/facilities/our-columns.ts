/** Our columns and tables where they are there already, in other forms. */
import { type Change, harmless } from "./change.ts";
import { compressed, modify, other, strict, there, thereOtherwise, wider } from "./forms.ts";

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
const severities = "enum('ERROR','WARNING','INFO')";

const added: readonly Change[] = [
  ...there(program, "processingJobId", "int unsigned", "int unsigned COMMENT 'job'", "int unsigned INVISIBLE"),
  ...thereOtherwise(program, "processingJobId", "int", "bigint unsigned", "varchar(20)", "int unsigned DEFAULT 0"),
  ...there(
    program,
    "processingPipelineId",
    "int unsigned",
    "bigint unsigned",
    "int unsigned INVISIBLE",
    "int unsigned DEFAULT 1",
  ),
  ...thereOtherwise(
    program,
    "processingPipelineId",
    "varchar(20)",
    "tinyint",
    "int",
    "int unsigned NOT NULL DEFAULT 0",
  ),
  ...there(program, "parentAutoProcProgramId", "int unsigned", "int unsigned COMMENT 'up'"),
  ...thereOtherwise(program, "parentAutoProcProgramId", "int", "bigint"),
  ...there(
    program,
    "jobUuid",
    "binary(16)",
    "varbinary(16)",
    "varbinary(40)",
    "binary(16) INVISIBLE",
    "binary(16) COMMENT 'x'",
  ),
  harmless(`${program}.jobUuid already there, uuid`, { mariadb: `ALTER TABLE ${program} ADD jobUuid uuid` }),
  ...thereOtherwise(program, "jobUuid", "char(36)", "binary(32)", "text"),
  ...there(attachment, "importanceRank", "tinyint unsigned", "int", "smallint unsigned", "tinyint unsigned DEFAULT 1"),
  ...thereOtherwise(attachment, "importanceRank", "tinyint", "varchar(3)", "tinyint unsigned NOT NULL DEFAULT 1"),
  ...there(attachment, "deleted", "tinyint(1) NOT NULL DEFAULT 0", "int DEFAULT 0", "boolean DEFAULT false INVISIBLE"),
  ...thereOtherwise(attachment, "deleted", "datetime", "enum('yes','no')", "tinyint(1)", "tinyint(1) DEFAULT 1"),
];

const jobs: readonly Change[] = [
  ...wider(
    job,
    "displayName",
    "varchar(255)",
    "text",
    "varchar(80) CHARACTER SET utf8mb4",
    "varchar(80) DEFAULT 'job'",
    "varchar(80) INVISIBLE",
  ),
  ...wider(job, "comments", "text", "mediumtext", "varchar(2000)", "varchar(255) COMMENT 'ours'"),
  ...wider(job, "recipe", "varchar(255) COLLATE latin1_bin"),
  ...wider(job, "automatic", "tinyint", "int", "tinyint(1) DEFAULT 1"),
  ...wider(
    job,
    "recordTimestamp",
    "timestamp NULL DEFAULT current_timestamp",
    "timestamp(6) NOT NULL DEFAULT current_timestamp(6)",
  ),
  compressed(job, "comments", "varchar(255)"),
  ...other(job, "displayName", "varchar(20)", "varbinary(80)"),
  ...other(
    job,
    "recordTimestamp",
    "timestamp NULL",
    "varchar(30)",
    "timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp",
  ),
  strict(job, "recipe", "varchar(50)", "'none'"),
  strict(job, "automatic", "tinyint(1)", "0"),

  ...wider(
    parameter,
    "parameterValue",
    "text",
    "mediumtext",
    "varchar(2048)",
    "varchar(512)",
    "varchar(255)",
    "varchar(255) COMMENT 'v'",
    "varchar(255) INVISIBLE",
    "varchar(255) CHARACTER SET utf8mb4",
    "varchar(255) DEFAULT 'none'",
  ),
  harmless(`${parameter}.parameterValue short`, [
    `UPDATE ${parameter} SET parameterValue = left(parameterValue, 60)`,
    modify(parameter, "parameterValue")("varchar(64)"),
  ]),
  harmless(`${parameter}.parameterValue with a CHECK of its own`, {
    mariadb: modify(parameter, "parameterValue")("varchar(255) CHECK (parameterValue <> 'never')"),
  }),
  ...wider(parameter, "parameterKey", "varchar(255)"),
  compressed(parameter, "parameterValue", "varchar(255)"),
  compressed(parameter, "parameterValue", "varchar(1024)"),
  ...other(parameter, "parameterValue", "blob"),
  ...other(parameter, "parameterKey", "varchar(20)", "text", "varchar(1000) CHARACTER SET utf8mb4"),
  strict(parameter, "parameterKey", "varchar(80)", "''"),

  ...wider(sweep, "startImage", "int unsigned", "bigint", "mediumint unsigned DEFAULT 1"),
  ...other(sweep, "endImage", "mediumint", "smallint unsigned", "float"),
];

const messages: readonly Change[] = [
  ...wider(
    message,
    "severity",
    "enum('ERROR','WARNING','INFO','DEBUG')",
    "enum('DEBUG','ERROR','WARNING','INFO')",
    `${severities} COMMENT 's'`,
    `${severities} DEFAULT 'INFO'`,
    `${severities} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  ),
  ...other(message, "severity", `${severities} INVISIBLE`, "varchar(10)"),
  ...wider(message, "message", "varchar(255)", "text"),
  ...wider(message, "description", "mediumtext", "longtext", "text CHARACTER SET utf8mb4", "text INVISIBLE"),
  ...wider(message, "recordTimeStamp", "timestamp(3) NULL DEFAULT current_timestamp(3)"),
  ...other(message, "recordTimeStamp", "timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp"),
  compressed(message, "description", "text"),
  ...other(message, "description", "tinytext"),
  strict(message, "message", "varchar(200)", "''"),

  ...wider(pipeline, "name", "varchar(255) NOT NULL"),
  ...wider(pipeline, "pipelineStatus", "enum('automatic','optional','deprecated','new')"),
  ...other(pipeline, "discipline", "varchar(2)"),
];

export const ourColumns: readonly Change[] = [...added, ...jobs, ...messages];
