/** Keys and constraints under other names, views, routines, events, accounts, and what the database is by itself. */
import { type Change, harmful, harmless } from "./change.ts";

const job = "(processingJobId)";

export const otherChanges: readonly Change[] = [
  harmless(
    "keys of ProcessingJobParameter renamed",
    "ALTER TABLE ProcessingJobParameter RENAME INDEX ProcessingJobParameter_ibfk1 TO byJob",
  ),
  harmless(
    "keys of ProcessingJob renamed",
    "ALTER TABLE ProcessingJob RENAME INDEX ProcessingJob_ibfk1 TO byCollection",
  ),
  harmless("a constraint of ProcessingJobImageSweep renamed", [
    "ALTER TABLE ProcessingJobImageSweep DROP FOREIGN KEY ProcessingJobImageSweep_ibfk1",
    `ALTER TABLE ProcessingJobImageSweep ADD CONSTRAINT sweepOfJob FOREIGN KEY ${job} REFERENCES ProcessingJob ${job}`,
  ]),
  harmless("a constraint of AutoProcProgram renamed", [
    "ALTER TABLE AutoProcProgram DROP FOREIGN KEY AutoProcProgram_FK2",
    `ALTER TABLE AutoProcProgram ADD CONSTRAINT programOfJob FOREIGN KEY ${job} REFERENCES ProcessingJob ${job}`,
  ]),
  harmless("a second key for jobs of programs", `ALTER TABLE AutoProcProgram ADD KEY second ${job}`),
  harmless(
    "a second foreign key for jobs of programs",
    `ALTER TABLE AutoProcProgram ADD CONSTRAINT again FOREIGN KEY ${job} REFERENCES ProcessingJob ${job}`,
  ),
  harmful("a foreign key that deletes results with their job", [
    "ALTER TABLE AutoProcProgram DROP FOREIGN KEY AutoProcProgram_FK2",
    `ALTER TABLE AutoProcProgram ADD CONSTRAINT AutoProcProgram_FK2 FOREIGN KEY ${job} REFERENCES ProcessingJob ${job} ON DELETE CASCADE`,
  ]),
  harmful(
    "a foreign key of parameters is missing",
    "ALTER TABLE ProcessingJobParameter DROP FOREIGN KEY ProcessingJobParameter_ibfk1",
  ),
  harmful("a key of parameters is missing", [
    "ALTER TABLE ProcessingJobParameter DROP FOREIGN KEY ProcessingJobParameter_ibfk1",
    "ALTER TABLE ProcessingJobParameter DROP KEY ProcessingJobParameter_ibfk1",
  ]),
  harmful("a column of jobs is missing", "ALTER TABLE ProcessingJob DROP COLUMN recipe"),
  harmful("a column of jobs has another name", "ALTER TABLE ProcessingJob RENAME COLUMN comments TO remarks"),
  harmful("attachments are missing", "DROP TABLE AutoProcProgramAttachment"),
  harmful("sweeps are missing", "DROP TABLE ProcessingJobImageSweep"),
  harmful("a table in lower case", "RENAME TABLE ProcessingJobParameter TO processingjobparameter"),
  harmful("attachments in another engine", [
    "ALTER TABLE AutoProcProgramAttachment DROP FOREIGN KEY AutoProcProgramAttachmentFk1",
    "ALTER TABLE AutoProcProgramAttachment ENGINE=MyISAM",
  ]),
  harmful("parameters in another engine", [
    "ALTER TABLE ProcessingJobParameter DROP FOREIGN KEY ProcessingJobParameter_ibfk1",
    "ALTER TABLE ProcessingJobParameter ENGINE=MyISAM",
  ]),
  harmful("attachments in partitions", [
    "ALTER TABLE AutoProcProgramAttachment DROP FOREIGN KEY AutoProcProgramAttachmentFk1",
    "ALTER TABLE AutoProcProgramAttachment PARTITION BY KEY () PARTITIONS 2",
  ]),
  harmful("a table of ours is a view", "CREATE VIEW AutoProcProgramMessage AS SELECT 1 AS autoProcProgramMessageId"),
  harmful("a table of ours is something else", "CREATE TABLE ProcessingJob (id int PRIMARY KEY, name varchar(10))"),
  harmful("a table of ours is a sequence", { mariadb: "CREATE SEQUENCE ProcessingPipeline" }),
  harmful(
    "a table of ours without InnoDB",
    "CREATE TABLE ProcessingPipelineCategory (processingPipelineCategoryId int unsigned AUTO_INCREMENT PRIMARY KEY, name varchar(20) NOT NULL) ENGINE=MyISAM",
  ),

  harmless(
    "an own view over several tables",
    "CREATE VIEW ProgramsOfVisits AS SELECT p.*, c.imagePrefix FROM AutoProcProgram p JOIN DataCollection c ON c.dataCollectionId = p.autoProcProgramId",
  ),
  harmless("a view that is broken", [
    "CREATE TABLE Passing (id int)",
    "CREATE VIEW Broken AS SELECT id FROM Passing",
    "DROP TABLE Passing",
  ]),
  harmless(
    "an own function",
    "CREATE FUNCTION programName(p int) RETURNS varchar(255) READS SQL DATA RETURN (SELECT processingPrograms FROM AutoProcProgram WHERE autoProcProgramId = p)",
  ),
  harmless(
    "a function with the name of a procedure",
    "CREATE FUNCTION upsert_processing_job(p int) RETURNS int DETERMINISTIC NO SQL COMMENT 'ours' RETURN p + 1",
  ),
  harmless(
    "an own procedure with the name of ours",
    "CREATE PROCEDURE retrieve_processing_job(IN p_id int) READS SQL DATA COMMENT 'the old one: \\\\ é' SELECT p_id AS jobId",
  ),
  harmless("a procedure of ours from a session without backslash escapes", [
    "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'",
    "CREATE PROCEDURE upsert_processing_job_parameter(INOUT p_id int) COMMENT 'C:\\old ''one''\\' BEGIN SET p_id = 1; END",
    "SET SESSION sql_mode = DEFAULT",
  ]),
  harmless(
    "an own procedure that writes",
    "CREATE PROCEDURE cleanUp() SQL SECURITY INVOKER DELETE FROM AutoProcProgram WHERE autoProcProgramId < 0",
  ),
  harmless(
    "an own event",
    "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 03:00:00' DISABLE COMMENT 'nightly' DO DELETE FROM AutoProcProgramAttachment WHERE filePath IS NULL",
  ),
  harmless("an own package of rows in another charset", [
    "CREATE TABLE `Our notes` (`the id` int PRIMARY KEY, `note` varchar(50) CHARACTER SET utf8mb4) DEFAULT CHARSET=utf8mb4",
    "INSERT INTO `Our notes` VALUES (1, 'ü 😀'), (2, NULL)",
  ]),

  harmless("the database in latin1", "ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_bin"),
  harmless("the database in utf8mb4_bin", "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
  harmless("the database in utf16", "ALTER DATABASE CHARACTER SET utf16"),
  harmless("a role that we grant to", "CREATE ROLE IF NOT EXISTS ispyb_web"),
  harmless("an account with columns", [
    "CREATE USER IF NOT EXISTS web@localhost",
    "GRANT SELECT (autoProcProgramId), UPDATE (processingMessage) ON AutoProcProgram TO web@localhost",
  ]),
];
