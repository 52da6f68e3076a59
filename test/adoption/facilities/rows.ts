/** Rows that nobody expects in tables that `up` changes or fills. */
import { type Change, harmful, harmless } from "./change.ts";

const loose = "SET SESSION sql_mode = '', foreign_key_checks = 0";
const strict = "SET SESSION sql_mode = DEFAULT, foreign_key_checks = 1";

export const rowChanges: readonly Change[] = [
  harmless(
    "messages of no severity",
    "INSERT INTO AutoProcProgramMessage (autoProcProgramId, severity, message) VALUES (1, NULL, 'x'), (NULL, NULL, NULL)",
  ),
  harmless("messages of the empty severity", [
    loose,
    "INSERT INTO AutoProcProgramMessage (autoProcProgramId, severity) VALUES (1, 'nonsense')",
    strict,
  ]),
  harmless("attachments of the empty type", [
    loose,
    "INSERT INTO AutoProcProgramAttachment (autoProcProgramId, fileType, fileName) VALUES (1, 'Debug', 'a'), (2, '', 'b')",
    strict,
  ]),
  harmless("programs at zero time", [
    loose,
    "UPDATE AutoProcProgram SET processingStartTime = '0000-00-00 00:00:00', recordTimeStamp = '2023-02-00' WHERE autoProcProgramId < 3",
    strict,
  ]),
  harmless(
    "two thousand programs",
    `INSERT INTO AutoProcProgram (processingPrograms, processingMessage)
     SELECT concat('p', a.autoProcProgramId, b.autoProcProgramId), repeat('x', 200) FROM AutoProcProgram a, AutoProcProgram b, AutoProcProgram c, AutoProcProgram d`,
  ),
  harmful("a program of no job", [
    loose,
    "UPDATE AutoProcProgram SET processingJobId = 9999 WHERE autoProcProgramId = 1",
    strict,
  ]),
  harmful("a parameter of no job", [
    loose,
    "INSERT INTO ProcessingJobParameter (processingJobId, parameterKey) VALUES (9999, 'orphan')",
    strict,
  ]),
  harmful("a program whose parent is gone", [
    loose,
    "ALTER TABLE AutoProcProgram ADD parentAutoProcProgramId int unsigned",
    "UPDATE AutoProcProgram SET parentAutoProcProgramId = 9999 WHERE autoProcProgramId = 1",
    strict,
  ]),
  harmless(
    "an own pipeline",
    "INSERT INTO ProcessingPipeline (processingPipelineId, name, discipline) VALUES (40, 'our own', 'EM')",
  ),
  harmless("pipelines without the sixth", "DELETE FROM ProcessingPipeline WHERE processingPipelineId = 6"),
  harmless(
    "the ledger has blanks",
    "INSERT INTO SchemaStatus (scriptName, schemaStatus) VALUES ('2022_10_06_ProcessingJob.sql ', 'DONE')",
  ),
  harmless(
    "the ledger is in the middle",
    "INSERT INTO SchemaStatus (scriptName, schemaStatus) VALUES ('2024_12_04_AutoProcProgramAttachment_deleted.sql', 'ONGOING')",
  ),
  harmless(
    "the ledger has words of its own",
    "UPDATE SchemaStatus SET schemaStatus = 'later' WHERE schemaStatusId = 1",
  ),
  harmless("the ledger is empty", "DELETE FROM SchemaStatus"),
];
