/** A database that was half upgraded by hand, as statements. */

/** The tables of pull request 36, with rows without a severity, and half of pull request 35. */
export const byHand: readonly string[] = [
  "CREATE TABLE AutoProcProgramMessage (autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, " +
    "autoProcProgramId int unsigned, recordTimeStamp timestamp NULL DEFAULT current_timestamp, " +
    "severity enum('ERROR','WARNING','INFO'), message varchar(200), description text, " +
    "CONSTRAINT AutoProcProgramMessage_fk1 FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId)) " +
    "ENGINE=InnoDB DEFAULT CHARSET=latin1",
  "INSERT INTO AutoProcProgramMessage (recordTimeStamp, severity, message) VALUES (NULL, NULL, 'a'), (NULL, 'ERROR', 'b')",
  "CREATE TABLE ProcessingJob (processingJobId int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, dataCollectionId int unsigned, " +
    "displayName varchar(80), comments varchar(255), recordTimestamp timestamp NOT NULL DEFAULT current_timestamp(), " +
    "recipe varchar(50), automatic tinyint(1), KEY ProcessingJob_ibfk1 (dataCollectionId), " +
    "CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
];
