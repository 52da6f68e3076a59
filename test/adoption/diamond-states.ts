import { type State, and, ledger, without } from "./state.ts";

const jobUuid = "add column AutoProcProgram.jobUuid";
const parent = [
  "add key AutoProcProgram.AutoProcProgram_fk_parentAutoProcProgramId (parentAutoProcProgramId)",
  "add foreign key AutoProcProgram.AutoProcProgram_fk_parentAutoProcProgramId → AutoProcProgram",
];

const diamond: State = { name: "Diamond", base: "diamond", sql: [], done: [jobUuid] };

const ongoing = (scriptName: string) =>
  `UPDATE SchemaStatus SET schemaStatus = 'ONGOING' WHERE scriptName = '${scriptName}'`;

/** What jobs were called for some weeks of 2017, and what Diamond kept until 2020. */
const reprocessing = and(diamond, {
  name: "Reprocessing tables",
  sql: [
    `CREATE TABLE Reprocessing (
       reprocessingId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
       dataCollectionId int unsigned,
       displayName varchar(80),
       comments varchar(255),
       recordTimestamp timestamp NULL,
       recipe varchar(50),
       automatic tinyint(1),
       CONSTRAINT Reprocessing_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)
     ) ENGINE=InnoDB DEFAULT CHARSET=latin1`,
    `CREATE TABLE ReprocessingImageSweep (
       reprocessingImageSweepId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
       reprocessingId int unsigned,
       dataCollectionId int unsigned,
       startImage mediumint unsigned,
       endImage mediumint unsigned,
       CONSTRAINT ReprocessingImageSweep_ibfk1 FOREIGN KEY (reprocessingId) REFERENCES Reprocessing (reprocessingId),
       CONSTRAINT ReprocessingImageSweep_ibfk2 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)
     ) ENGINE=InnoDB DEFAULT CHARSET=latin1`,
    `CREATE TABLE ReprocessingParameter (
       reprocessingParameterId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
       reprocessingId int unsigned,
       parameterKey varchar(80),
       parameterValue varchar(255),
       CONSTRAINT ReprocessingParameter_ibfk1 FOREIGN KEY (reprocessingId) REFERENCES Reprocessing (reprocessingId)
     ) ENGINE=InnoDB DEFAULT CHARSET=latin1`,
    "ALTER TABLE AutoProcProgram ADD reprocessingId int unsigned DEFAULT NULL, " +
      "ADD CONSTRAINT AutoProcProgram_FK3 FOREIGN KEY (reprocessingId) REFERENCES Reprocessing (reprocessingId)",
    "DELETE FROM SchemaStatus WHERE scriptName = '2020_03_09_Reprocessing_drop_tables.sql'",
  ],
});

const filledReprocessing = and(reprocessing, {
  name: "filled",
  sql: [
    "INSERT INTO Reprocessing VALUES (1, 1, 'xia2', NULL, '2017-09-20 10:00:00', 'xia2-dials', 0)",
    "INSERT INTO ReprocessingImageSweep VALUES (1, 1, 1, 1, 1100)",
    "INSERT INTO ReprocessingParameter VALUES (1, 1, 'd_min', '1.8')",
  ],
});

/** Without what came after March 2020, and with the column that was there from 2018 to 2021. */
const march2020 = and(diamond, {
  name: "as of March 2020",
  sql: [
    "ALTER TABLE Container DROP FOREIGN KEY Container_ibfk9, DROP KEY Container_ibfk9, DROP COLUMN priorityPipelineId",
    "DROP TABLE ProcessingPipeline, ProcessingPipelineCategory",
    "ALTER TABLE AutoProcProgram DROP FOREIGN KEY AutoProcProgram_fk_parentAutoProcProgramId, " +
      "DROP KEY AutoProcProgram_fk_parentAutoProcProgramId, DROP COLUMN parentAutoProcProgramId, " +
      "DROP COLUMN processingPipelineId, ADD dataCollectionId int unsigned DEFAULT NULL, " +
      "ADD CONSTRAINT AutoProcProgram_fk3 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)",
    "UPDATE AutoProcProgram SET dataCollectionId = 2 WHERE autoProcProgramId = 2",
    "DELETE FROM AutoProcProgramAttachment WHERE fileType = 'Input'",
    "ALTER TABLE AutoProcProgramAttachment DROP COLUMN deleted, MODIFY fileType enum('Log','Result','Graph','Debug') DEFAULT NULL",
    "ALTER TABLE AutoProcProgramMessage MODIFY severity enum('ERROR','WARNING','INFO') DEFAULT NULL",
    "DROP INDEX ProcessingJobParameter_idx_paramKey_procJobId ON ProcessingJobParameter",
    "DELETE FROM SchemaStatus WHERE scriptName > '2020_03_24'",
  ],
  done: [
    "create table ProcessingPipelineCategory",
    "insert rows into ProcessingPipelineCategory",
    "create table ProcessingPipeline",
    "insert rows into ProcessingPipeline",
    "add enum value 'Input' to AutoProcProgramAttachment.fileType",
    "change column AutoProcProgramMessage.severity to enum('ERROR','WARNING','INFO') NOT NULL",
    "add key ProcessingJobParameter.ProcessingJobParameter_idx_paramKey_procJobId (parameterKey, processingJobId)",
    "add column AutoProcProgram.processingPipelineId",
    "add column AutoProcProgramAttachment.deleted",
    "add column AutoProcProgram.parentAutoProcProgramId",
    ...parent,
    jobUuid,
  ],
});

export const diamondStates: readonly State[] = [
  diamond,
  and(diamond, {
    name: "the facility's additions",
    sql: [
      "ALTER TABLE ProcessingJob ADD beamlineTicket varchar(20) DEFAULT NULL, ADD KEY byRecipe (recipe)",
      "UPDATE ProcessingJob SET beamlineTicket = 'T1' WHERE processingJobId = 1",
      "ALTER TABLE AutoProcProgramMessage MODIFY severity enum('ERROR','WARNING','INFO','DEBUG') NOT NULL",
      "UPDATE AutoProcProgramMessage SET severity = 'DEBUG' WHERE autoProcProgramMessageId = 1",
      "INSERT INTO ProcessingPipeline VALUES (17, NULL, 'our own', 'EM', NULL, NULL)",
      "UPDATE ProcessingPipeline SET name = 'xia2/DIALS 3' WHERE processingPipelineId = 6",
    ],
  }),
  and(diamond, {
    name: "jobUuid as uuid",
    sql: [
      "ALTER TABLE AutoProcProgram ADD jobUuid uuid DEFAULT NULL",
      "UPDATE AutoProcProgram SET jobUuid = '123e4567-e89b-12d3-a456-426614174000' WHERE autoProcProgramId = 1",
      ledger("DONE", "2026_07_02_AutoProcProgram_jobUuid.sql"),
    ],
    lanes: ["mariadb-10.11", "mariadb-11.8"],
    done: [],
  }),
  and(diamond, {
    name: "parameterValue still 255 wide",
    sql: [
      "ALTER TABLE ProcessingJobParameter MODIFY parameterValue varchar(255) DEFAULT NULL",
      "UPDATE ProcessingJobParameter SET parameterValue = REPEAT('x', 255) WHERE processingJobParameterId = 3",
      "DELETE FROM SchemaStatus WHERE scriptName = '2019_01_14_ProcessingJobParameter_parameterValue.sql'",
    ],
    done: [jobUuid, "change column ProcessingJobParameter.parameterValue to varchar(1024) NULL"],
  }),
  and(diamond, {
    name: "the pipelines of 2020",
    sql: [
      "DELETE FROM ProcessingPipeline WHERE processingPipelineId IN (14, 15, 16)",
      "UPDATE ProcessingPipeline SET name = 'xia2/3dii' WHERE processingPipelineId = 4",
      "UPDATE ProcessingPipeline SET name = 'xia2/XDS' WHERE processingPipelineId = 7",
      "DELETE FROM SchemaStatus WHERE scriptName LIKE '2026\\_03\\_16%'",
    ],
    done: ["insert rows into ProcessingPipeline", jobUuid],
    adds: { ProcessingPipeline: "processingPipelineId < 14" },
  }),

  reprocessing,
  filledReprocessing,
  and(filledReprocessing, {
    name: "and a program that names one",
    sql: ["UPDATE AutoProcProgram SET reprocessingId = 1 WHERE autoProcProgramId = 2"],
    conflict: {
      says: ["AutoProcProgram.reprocessingId", "NULL in every row"],
      remedy: ["UPDATE AutoProcProgram SET reprocessingId = NULL WHERE reprocessingId IS NOT NULL"],
    },
  }),

  and(diamond, {
    name: "messages as of two weeks of 2018, which get no numbers",
    sql: ["ALTER TABLE AutoProcProgramMessage MODIFY autoProcProgramMessageId int unsigned NOT NULL"],
    conflict: {
      says: ["AutoProcProgramMessage.autoProcProgramMessageId", "AUTO_INCREMENT: no instead of yes"],
      remedy: [
        "ALTER TABLE AutoProcProgramMessage MODIFY autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT",
      ],
    },
  }),

  march2020,
  and(march2020, {
    name: "stopped after the first table of the pipelines",
    sql: [
      ledger("ONGOING", "2020_03_24_ProcessingPipeline_tables.sql"),
      "CREATE TABLE ProcessingPipelineCategory (processingPipelineCategoryId int unsigned AUTO_INCREMENT PRIMARY KEY, name varchar(20) NOT NULL)",
    ],
    done: without(march2020.done, ["create table ProcessingPipelineCategory"]),
    adds: { ProcessingPipelineCategory: "FALSE" },
  }),
  and(diamond, {
    name: "stopped between the column of the parent and its key",
    sql: [
      "ALTER TABLE AutoProcProgram DROP FOREIGN KEY AutoProcProgram_fk_parentAutoProcProgramId, " +
        "DROP KEY AutoProcProgram_fk_parentAutoProcProgramId",
      ongoing("2026_01_27_AutoProcProgram_parentAutoProcProgramId.sql"),
    ],
    done: [...parent, jobUuid],
  }),
];
