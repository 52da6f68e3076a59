/** The official schema after pull requests 35 and 36, in our own words, with later rows. */

/** Pull request 35, table by table: every foreign key restricts. */
export const jobTables = [
  `CREATE TABLE ProcessingJob (
     processingJobId int unsigned NOT NULL AUTO_INCREMENT,
     dataCollectionId int unsigned DEFAULT NULL,
     displayName varchar(80) DEFAULT NULL,
     comments varchar(255) DEFAULT NULL,
     recordTimestamp timestamp NOT NULL DEFAULT current_timestamp(),
     recipe varchar(50) DEFAULT NULL,
     automatic tinyint(1) DEFAULT NULL,
     PRIMARY KEY (processingJobId),
     KEY ProcessingJob_ibfk1 (dataCollectionId),
     CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)
   ) ENGINE=InnoDB DEFAULT CHARSET=latin1`,
  `CREATE TABLE ProcessingJobImageSweep (
     processingJobImageSweepId int unsigned NOT NULL AUTO_INCREMENT,
     processingJobId int unsigned DEFAULT NULL,
     dataCollectionId int unsigned DEFAULT NULL,
     startImage mediumint unsigned DEFAULT NULL,
     endImage mediumint unsigned DEFAULT NULL,
     PRIMARY KEY (processingJobImageSweepId),
     KEY ProcessingJobImageSweep_ibfk1 (processingJobId),
     KEY ProcessingJobImageSweep_ibfk2 (dataCollectionId),
     CONSTRAINT ProcessingJobImageSweep_ibfk1 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId),
     CONSTRAINT ProcessingJobImageSweep_ibfk2 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)
   ) ENGINE=InnoDB DEFAULT CHARSET=latin1`,
  `CREATE TABLE ProcessingJobParameter (
     processingJobParameterId int unsigned NOT NULL AUTO_INCREMENT,
     processingJobId int unsigned DEFAULT NULL,
     parameterKey varchar(80) DEFAULT NULL,
     parameterValue varchar(1024) DEFAULT NULL,
     PRIMARY KEY (processingJobParameterId),
     KEY ProcessingJobParameter_ibfk1 (processingJobId),
     CONSTRAINT ProcessingJobParameter_ibfk1 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId)
   ) ENGINE=InnoDB DEFAULT CHARSET=latin1`,
] as const;

/** The rest of pull request 35. */
export const jobOfProgram =
  "ALTER TABLE AutoProcProgram ADD processingJobId int unsigned DEFAULT NULL, ADD KEY AutoProcProgram_FK2 (processingJobId), " +
  "ADD CONSTRAINT AutoProcProgram_FK2 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId)";

/** A pipeline's job without parameters, a user's with two sweeps, and one of a worker that says little. */
export const jobRows = [
  `INSERT INTO ProcessingJob (processingJobId, dataCollectionId, displayName, comments, recordTimestamp, recipe, automatic) VALUES
     (1, 1, 'xia2 dials', NULL, '2023-02-01 10:02:30', 'autoprocessing-xia2-dials', 1),
     (2, 4, 'Xia2 DIALS', 'both crystals, é', '2023-02-03 14:00:00', 'xia2-dials', 0),
     (7, 6, NULL, NULL, '2023-02-01 11:23:00', 'xia2-3dii', NULL)`,
  `INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue) VALUES
     (2, 'd_min', '1.8'), (2, 'data', REPEAT('a', 255)), (2, 'data', REPEAT('b', 255)), (7, NULL, NULL)`,
  `INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage) VALUES
     (1, 1, 1, 1100), (2, 4, 1, 1100), (2, 5, 51, 1100), (7, 6, NULL, NULL)`,
];

export const jobsOfPrograms = [
  "UPDATE AutoProcProgram SET processingJobId = 1 WHERE autoProcProgramId = 1",
  "UPDATE AutoProcProgram SET processingJobId = 7 WHERE autoProcProgramId = 6",
];

/** Pull request 36 says neither NOT NULL nor which character set, and every server has its own opinion. */
export function messageTable({ time, charset }: { readonly time: string; readonly charset: string }): string {
  return `CREATE TABLE AutoProcProgramMessage (
     autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
     autoProcProgramId int unsigned,
     recordTimeStamp timestamp ${time} DEFAULT current_timestamp,
     severity enum('ERROR','WARNING','INFO'),
     message varchar(200),
     description text,
     CONSTRAINT AutoProcProgramMessage_fk1 FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId)
   ) ${charset}`;
}

export const messageRows = `INSERT INTO AutoProcProgramMessage (autoProcProgramId, recordTimeStamp, severity, message, description) VALUES
     (1, '2023-02-01 10:05:00', 'INFO', 'indexed', 'all images in one lattice'),
     (2, '2023-02-01 10:14:00', 'ERROR', 'no spots found', NULL),
     (4, '2023-02-01 11:04:00', NULL, 'of no severity', NULL),
     (NULL, '2023-02-01 11:05:00', NULL, 'of no program', NULL)`;

/** Only where the time may be NULL: one of a program that has a time, one of none. */
export const messageRowsWithoutTime =
  "INSERT INTO AutoProcProgramMessage (autoProcProgramId, recordTimeStamp, severity, message) VALUES " +
  "(4, NULL, 'WARNING', 'when?'), (NULL, NULL, NULL, 'whose, and when?')";
