/** Single changes of an up-to-date schema, each with its undo and what `verify` has to report. */

export interface Mutation {
  readonly what: string;
  readonly change: readonly string[];
  /** Left out where `up --repair` is the way back. */
  readonly back?: readonly string[];
  readonly expected: RegExp;
}

const procedure = "upsert_processing_job_parameter";

/** Its definition with something else in it, as the server would print it. */
export type Rewrite = (sql: string) => string;

/** The same for a procedure: what is there is read, rewritten and made again. */
export interface ProcedureMutation {
  readonly what: string;
  readonly name: string;
  readonly rewrite: Rewrite;
  readonly sqlMode?: string;
  readonly expected: RegExp;
}

function modify(
  what: string,
  table: string,
  column: string,
  [to, from]: readonly [string, string],
  expected: RegExp,
): Mutation {
  const alter = (definition: string) => [`ALTER TABLE ${table} MODIFY ${column} ${definition}`];
  return { what, change: alter(to), back: alter(from), expected };
}

const parameterIndex = "ProcessingJobParameter_idx_paramKey_procJobId";
const foreignKey = (rule: string, name = "AutoProcProgram_FK2") =>
  `ALTER TABLE AutoProcProgram ADD CONSTRAINT ${name} FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId) ${rule}`;

export const mutations: readonly Mutation[] = [
  {
    what: "an index dropped",
    change: [`ALTER TABLE ProcessingJobParameter DROP KEY ${parameterIndex}`],
    back: [`ALTER TABLE ProcessingJobParameter ADD KEY ${parameterIndex} (parameterKey, processingJobId)`],
    expected: /key ProcessingJobParameter\S* .* is missing/,
  },
  {
    what: "an index of other columns",
    change: [`ALTER TABLE ProcessingJobParameter DROP KEY ${parameterIndex}, ADD KEY ${parameterIndex} (parameterKey)`],
    back: [
      `ALTER TABLE ProcessingJobParameter DROP KEY ${parameterIndex}, ADD KEY ${parameterIndex} (parameterKey, processingJobId)`,
    ],
    expected: /ProcessingJobParameter_idx_paramKey_procJobId/,
  },
  {
    what: "an index that allows a key only once for a job",
    change: [
      `ALTER TABLE ProcessingJobParameter DROP KEY ${parameterIndex}, ADD UNIQUE KEY ${parameterIndex} (parameterKey, processingJobId)`,
    ],
    back: [
      `ALTER TABLE ProcessingJobParameter DROP KEY ${parameterIndex}, ADD KEY ${parameterIndex} (parameterKey, processingJobId)`,
    ],
    expected: /ProcessingJobParameter_idx_paramKey_procJobId/,
  },
  modify(
    "a narrower column",
    "ProcessingJob",
    "displayName",
    ["varchar(20)", "varchar(80)"],
    /displayName, type: varchar\(20\)/,
  ),
  modify(
    "a value cut to what it was",
    "ProcessingJobParameter",
    "parameterValue",
    ["varchar(255)", "varchar(1024)"],
    /parameterValue/,
  ),
  modify(
    "a number with a sign",
    "ProcessingJobImageSweep",
    "startImage",
    ["mediumint", "mediumint unsigned"],
    /startImage, type: mediumint/,
  ),
  modify(
    "a text where a number was",
    "ProcessingJobImageSweep",
    "endImage",
    ["varchar(10)", "mediumint unsigned"],
    /endImage, type/,
  ),
  modify(
    "NULL where there must be a severity",
    "AutoProcProgramMessage",
    "severity",
    ["enum('ERROR','WARNING','INFO')", "enum('ERROR','WARNING','INFO') NOT NULL"],
    /severity/,
  ),
  modify(
    "a severity less",
    "AutoProcProgramMessage",
    "severity",
    ["enum('ERROR','INFO') NOT NULL", "enum('ERROR','WARNING','INFO') NOT NULL"],
    /severity/,
  ),
  modify(
    "no time by itself",
    "AutoProcProgramMessage",
    "recordTimeStamp",
    ["timestamp NOT NULL DEFAULT '2000-01-01 00:00:00'", "timestamp NOT NULL DEFAULT current_timestamp()"],
    /recordTimeStamp, default/,
  ),
  modify(
    "no number by itself",
    "AutoProcProgramMessage",
    "autoProcProgramMessageId",
    ["int unsigned NOT NULL", "int unsigned NOT NULL AUTO_INCREMENT"],
    /autoProcProgramMessageId, AUTO_INCREMENT: no instead of yes/,
  ),
  modify("a shorter message", "AutoProcProgramMessage", "message", ["varchar(100)", "varchar(200)"], /message, type/),
  modify("a smaller text", "AutoProcProgramMessage", "description", ["tinytext", "text"], /description, type/),
  modify(
    "a file type less",
    "AutoProcProgramAttachment",
    "fileType",
    ["enum('Log','Result','Graph','Debug')", "enum('Log','Result','Graph','Debug','Input')"],
    /AutoProcProgramAttachment.fileType lacks the enum value 'Input'/,
  ),
  modify(
    "a rank with a sign",
    "AutoProcProgramAttachment",
    "importanceRank",
    ["tinyint", "tinyint unsigned"],
    /importanceRank, type/,
  ),
  modify(
    "everything deleted by default",
    "AutoProcProgramAttachment",
    "deleted",
    ["tinyint(1) DEFAULT 1", "tinyint(1) DEFAULT 0"],
    /deleted, default/,
  ),
  modify("half an identifier", "AutoProcProgram", "jobUuid", ["binary(8)", "binary(16)"], /jobUuid, type/),
  {
    what: "a column dropped",
    change: ["ALTER TABLE AutoProcProgram DROP COLUMN jobUuid"],
    back: ["ALTER TABLE AutoProcProgram ADD COLUMN jobUuid binary(16)"],
    expected: /column AutoProcProgram.jobUuid is missing/,
  },
  {
    what: "a column of a table of ours dropped",
    change: ["ALTER TABLE ProcessingJobParameter RENAME COLUMN parameterKey TO theKey"],
    back: ["ALTER TABLE ProcessingJobParameter RENAME COLUMN theKey TO parameterKey"],
    expected: /parameterKey is missing/,
  },
  {
    what: "a foreign key dropped",
    change: ["ALTER TABLE AutoProcProgram DROP FOREIGN KEY AutoProcProgram_FK2"],
    back: [foreignKey("ON DELETE SET NULL")],
    expected: /foreign key AutoProcProgram\S* .* is missing/,
  },
  {
    what: "another delete rule",
    change: ["ALTER TABLE AutoProcProgram DROP FOREIGN KEY AutoProcProgram_FK2", foreignKey("ON DELETE CASCADE")],
    back: ["ALTER TABLE AutoProcProgram DROP FOREIGN KEY AutoProcProgram_FK2", foreignKey("ON DELETE SET NULL")],
    expected: /AutoProcProgram_FK2|processingJobId/,
  },
  {
    what: "a foreign key to another table",
    change: [
      "ALTER TABLE ProcessingJob DROP FOREIGN KEY ProcessingJob_ibfk1",
      "ALTER TABLE ProcessingJob ADD CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES AutoProcProgram (autoProcProgramId)",
    ],
    back: [
      "ALTER TABLE ProcessingJob DROP FOREIGN KEY ProcessingJob_ibfk1",
      "ALTER TABLE ProcessingJob ADD CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId) ON DELETE CASCADE",
    ],
    expected: /ProcessingJob_ibfk1|dataCollectionId/,
  },
  {
    what: "a table dropped",
    change: ["RENAME TABLE AutoProcProgramMessage TO messagesOfOld"],
    back: ["RENAME TABLE messagesOfOld TO AutoProcProgramMessage"],
    expected: /table AutoProcProgramMessage is missing/,
  },
  {
    what: "an engine without foreign keys",
    change: [
      "ALTER TABLE ProcessingPipeline DROP FOREIGN KEY ProcessingPipeline_fk1",
      "ALTER TABLE ProcessingPipeline ENGINE=MyISAM",
    ],
    back: [
      "ALTER TABLE ProcessingPipeline ENGINE=InnoDB",
      "ALTER TABLE ProcessingPipeline ADD CONSTRAINT ProcessingPipeline_fk1 FOREIGN KEY (processingPipelineCategoryId) REFERENCES ProcessingPipelineCategory (processingPipelineCategoryId) ON DELETE RESTRICT",
    ],
    expected: /ProcessingPipeline, engine: MyISAM/,
  },
  {
    what: "a lookup row deleted",
    change: ["DELETE FROM ProcessingPipeline WHERE processingPipelineId = 6"],
    expected: /rows are missing in ProcessingPipeline|ProcessingPipeline/,
  },
  {
    what: "a procedure dropped",
    change: [`DROP PROCEDURE ${procedure}`],
    expected: /procedure upsert_processing_job_parameter is missing/,
  },
  {
    what: "a row of the facility's ledger deleted",
    change: ["DELETE FROM SchemaStatus WHERE scriptName = '2022_10_06_ProcessingJob.sql'"],
    expected: /row 2022_10_06_ProcessingJob.sql of SchemaStatus is missing/,
  },
  {
    what: "a row of the facility's ledger set back",
    change: ["UPDATE SchemaStatus SET schemaStatus = 'ONGOING' WHERE scriptName = '2022_10_06_ProcessingJob.sql'"],
    expected: /row 2022_10_06_ProcessingJob.sql of SchemaStatus, status: ONGOING instead of DONE/,
  },
  {
    what: "a privilege taken away",
    change: ["REVOKE INSERT ON ProcessingJob FROM ispyb_web"],
    expected: /role ispyb_web lacks INSERT on ProcessingJob/,
  },
  {
    what: "the right to call taken away",
    change: [`REVOKE EXECUTE ON PROCEDURE ${procedure} FROM ispyb_processing`],
    expected: /role ispyb_processing lacks EXECUTE on procedure upsert_processing_job_parameter/,
  },
];

export const procedureMutations: readonly ProcedureMutation[] = [
  {
    what: "a procedure edited",
    name: procedure,
    rewrite: (sql) => sql.replace(/END$/, "SET @edited = 1; END"),
    expected: /procedure upsert_processing_job_parameter has a text that differs/,
  },
  {
    what: "a procedure with a narrower parameter",
    name: procedure,
    rewrite: (sql) => sql.replace("varchar(1024)", "varchar(255)"),
    expected: /procedure upsert_processing_job_parameter, parameter p_/,
  },
  {
    what: "a procedure with the caller's rights",
    name: procedure,
    rewrite: (sql) => sql.replace(/MODIFIES SQL DATA/, "MODIFIES SQL DATA SQL SECURITY INVOKER"),
    expected: /SQL SECURITY: INVOKER instead of DEFINER/,
  },
  {
    what: "a procedure that says that it only reads",
    name: procedure,
    rewrite: (sql) => sql.replace(/MODIFIES SQL DATA/, "READS SQL DATA"),
    expected: /data access: READS SQL DATA instead of MODIFIES SQL DATA/,
  },
  {
    what: "a procedure made under another sql_mode",
    name: procedure,
    rewrite: (sql) => sql,
    sqlMode: "",
    expected: /sql_mode/,
  },
];
