-- A small stand-in for the official ISPyB schema: the tables that processing jobs hang on,
-- with the names, types, keys and delete rules of the real one. Tables that nothing here
-- touches are left out, and so are the foreign keys to them (their columns and keys remain).
--
-- Load it under sql_mode = '': BLSession has a zero date as a default, as the real one does.
-- One statement per semicolon, none inside a string, so that any client can load it.

-- People, proposals, sessions -------------------------------------------------------------

CREATE TABLE Person (
  personId int unsigned NOT NULL AUTO_INCREMENT,
  laboratoryId int unsigned DEFAULT NULL,
  siteId int DEFAULT NULL,
  personUUID varchar(45) DEFAULT NULL,
  familyName varchar(100) DEFAULT NULL,
  givenName varchar(45) DEFAULT NULL,
  title varchar(45) DEFAULT NULL,
  emailAddress varchar(60) DEFAULT NULL,
  phoneNumber varchar(45) DEFAULT NULL,
  login varchar(45) DEFAULT NULL,
  passwd varchar(45) DEFAULT NULL,
  faxNumber varchar(45) DEFAULT NULL,
  recordTimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  externalId binary(16) DEFAULT NULL,
  cache text,
  PRIMARY KEY (personId),
  KEY Person_FKIndex1 (laboratoryId),
  KEY Person_FKIndexFamilyName (familyName),
  KEY Person_FKIndex_Login (login),
  KEY siteId (siteId)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

CREATE TABLE Proposal (
  proposalId int unsigned NOT NULL AUTO_INCREMENT,
  personId int unsigned NOT NULL DEFAULT 0,
  title varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci DEFAULT NULL,
  proposalCode varchar(45) DEFAULT NULL,
  proposalNumber varchar(45) DEFAULT NULL,
  proposalType varchar(2) DEFAULT NULL,
  bltimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  externalId binary(16) DEFAULT NULL,
  state enum('Open','Closed','Cancelled') DEFAULT 'Open',
  PRIMARY KEY (proposalId),
  KEY Proposal_FKIndex1 (personId),
  KEY Proposal_FKIndexCodeNumber (proposalCode, proposalNumber),
  CONSTRAINT Proposal_ibfk_1 FOREIGN KEY (personId) REFERENCES Person (personId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE BLSession (
  sessionId int unsigned NOT NULL AUTO_INCREMENT,
  expSessionPk int unsigned DEFAULT NULL,
  beamLineSetupId int unsigned DEFAULT NULL,
  proposalId int unsigned NOT NULL DEFAULT 0,
  projectCode varchar(45) DEFAULT NULL,
  startDate datetime DEFAULT NULL,
  endDate datetime DEFAULT NULL,
  beamLineName varchar(45) DEFAULT NULL,
  scheduled tinyint(1) DEFAULT NULL,
  nbShifts int unsigned DEFAULT NULL,
  comments varchar(2000) DEFAULT NULL,
  beamLineOperator varchar(255) DEFAULT NULL,
  visit_number int unsigned DEFAULT 0,
  bltimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  usedFlag tinyint(1) DEFAULT NULL,
  sessionTitle varchar(255) DEFAULT NULL,
  operatorSiteNumber varchar(10) DEFAULT NULL,
  lastUpdate timestamp NOT NULL DEFAULT '0000-00-00 00:00:00',
  protectedData varchar(1024) DEFAULT NULL,
  externalId binary(16) DEFAULT NULL,
  nbReimbDewars int DEFAULT NULL,
  PRIMARY KEY (sessionId),
  KEY Session_FKIndex1 (proposalId),
  KEY Session_FKIndex2 (beamLineSetupId),
  KEY Session_FKIndexStartDate (startDate),
  KEY Session_FKIndexEndDate (endDate),
  KEY Session_FKIndexBeamLineName (beamLineName),
  KEY BLSession_FKIndexOperatorSiteNumber (operatorSiteNumber),
  KEY nbShifts (nbShifts),
  CONSTRAINT BLSession_ibfk_1 FOREIGN KEY (proposalId) REFERENCES Proposal (proposalId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE Session_has_Person (
  sessionId int unsigned NOT NULL DEFAULT 0,
  personId int unsigned NOT NULL DEFAULT 0,
  role enum('Local Contact','Local Contact 2','Staff','Team Leader','Co-Investigator','Principal Investigator','Alternate Contact') DEFAULT NULL,
  remote tinyint(1) DEFAULT 0,
  PRIMARY KEY (sessionId, personId),
  KEY Session_has_Person_FKIndex1 (sessionId),
  KEY Session_has_Person_FKIndex2 (personId),
  CONSTRAINT Session_has_Person_ibfk_1 FOREIGN KEY (sessionId) REFERENCES BLSession (sessionId) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT Session_has_Person_ibfk_2 FOREIGN KEY (personId) REFERENCES Person (personId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- Samples ---------------------------------------------------------------------------------

CREATE TABLE Protein (
  proteinId int unsigned NOT NULL AUTO_INCREMENT,
  proposalId int unsigned NOT NULL DEFAULT 0,
  name varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci DEFAULT NULL,
  acronym varchar(45) DEFAULT NULL,
  safetyLevel enum('GREEN','YELLOW','RED') DEFAULT NULL,
  sequence text,
  personId int unsigned DEFAULT NULL,
  bltimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  externalId binary(16) DEFAULT NULL,
  PRIMARY KEY (proteinId),
  KEY Protein_FKIndex1 (proposalId),
  KEY ProteinAcronym_Index (proposalId, acronym),
  KEY Protein_FKIndex2 (personId),
  KEY Protein_Index2 (acronym),
  CONSTRAINT Protein_ibfk_1 FOREIGN KEY (proposalId) REFERENCES Proposal (proposalId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

CREATE TABLE Crystal (
  crystalId int unsigned NOT NULL AUTO_INCREMENT,
  diffractionPlanId int unsigned DEFAULT NULL,
  proteinId int unsigned NOT NULL DEFAULT 0,
  crystalUUID varchar(45) DEFAULT NULL,
  name varchar(255) DEFAULT NULL,
  spaceGroup varchar(20) DEFAULT NULL,
  cell_a double DEFAULT NULL,
  cell_b double DEFAULT NULL,
  cell_c double DEFAULT NULL,
  cell_alpha double DEFAULT NULL,
  cell_beta double DEFAULT NULL,
  cell_gamma double DEFAULT NULL,
  comments varchar(255) DEFAULT NULL,
  recordTimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (crystalId),
  KEY Crystal_FKIndex1 (proteinId),
  KEY Crystal_FKIndex2 (diffractionPlanId),
  CONSTRAINT Crystal_ibfk_1 FOREIGN KEY (proteinId) REFERENCES Protein (proteinId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE BLSample (
  blSampleId int unsigned NOT NULL AUTO_INCREMENT,
  diffractionPlanId int unsigned DEFAULT NULL,
  crystalId int unsigned DEFAULT NULL,
  containerId int unsigned DEFAULT NULL,
  name varchar(100) DEFAULT NULL,
  code varchar(45) DEFAULT NULL,
  location varchar(45) DEFAULT NULL,
  holderLength double DEFAULT NULL,
  loopLength double DEFAULT NULL,
  loopType varchar(45) DEFAULT NULL,
  wireWidth double DEFAULT NULL,
  comments varchar(1024) DEFAULT NULL,
  completionStage varchar(45) DEFAULT NULL,
  structureStage varchar(45) DEFAULT NULL,
  publicationStage varchar(45) DEFAULT NULL,
  publicationComments varchar(255) DEFAULT NULL,
  blSampleStatus varchar(20) DEFAULT NULL,
  isInSampleChanger tinyint(1) DEFAULT NULL,
  lastKnownCenteringPosition varchar(255) DEFAULT NULL,
  recordTimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  SMILES varchar(400) DEFAULT NULL,
  lastImageURL varchar(255) DEFAULT NULL,
  positionId int unsigned DEFAULT NULL,
  blSubSampleId int unsigned DEFAULT NULL,
  screenComponentGroupId int unsigned DEFAULT NULL,
  volume float DEFAULT NULL,
  subLocation smallint unsigned DEFAULT NULL,
  PRIMARY KEY (blSampleId),
  KEY BLSample_FKIndex1 (containerId),
  KEY BLSample_FKIndex2 (crystalId),
  KEY BLSample_FKIndex3 (diffractionPlanId),
  KEY crystalId (crystalId, containerId),
  KEY BLSample_Index1 (name),
  KEY BLSample_FKIndex_Status (blSampleStatus),
  KEY BLSample_fk5 (screenComponentGroupId),
  CONSTRAINT BLSample_ibfk_2 FOREIGN KEY (crystalId) REFERENCES Crystal (crystalId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE BLSampleGroup (
  blSampleGroupId int unsigned NOT NULL AUTO_INCREMENT,
  name varchar(100) DEFAULT NULL,
  PRIMARY KEY (blSampleGroupId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE BLSampleGroup_has_BLSample (
  blSampleGroupId int unsigned NOT NULL,
  blSampleId int unsigned NOT NULL,
  `order` mediumint DEFAULT NULL,
  type enum('background','container','sample','calibrant') DEFAULT NULL,
  PRIMARY KEY (blSampleGroupId, blSampleId),
  KEY BLSampleGroup_has_BLSample_ibfk2 (blSampleId),
  CONSTRAINT BLSampleGroup_has_BLSample_ibfk1 FOREIGN KEY (blSampleGroupId) REFERENCES BLSampleGroup (blSampleGroupId) ON DELETE CASCADE,
  CONSTRAINT BLSampleGroup_has_BLSample_ibfk2 FOREIGN KEY (blSampleId) REFERENCES BLSample (blSampleId) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- Measurements ----------------------------------------------------------------------------

CREATE TABLE Workflow (
  workflowId int unsigned NOT NULL AUTO_INCREMENT,
  workflowTitle varchar(255) DEFAULT NULL,
  workflowTypeId int DEFAULT NULL,
  comments varchar(1024) DEFAULT NULL,
  status varchar(255) DEFAULT NULL,
  resultFilePath varchar(255) DEFAULT NULL,
  logFilePath varchar(255) DEFAULT NULL,
  recordTimeStamp datetime DEFAULT NULL,
  PRIMARY KEY (workflowId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- The id is signed here, and the columns that refer to it are signed as well.
CREATE TABLE DataCollectionGroup (
  dataCollectionGroupId int NOT NULL AUTO_INCREMENT,
  blSampleId int unsigned DEFAULT NULL,
  sessionId int unsigned NOT NULL,
  workflowId int unsigned DEFAULT NULL,
  experimentType enum('EM','SAD','SAD - Inverse Beam','OSC','Collect - Multiwedge','MAD','Helical','Multi-positional','Mesh','Burn','MAD - Inverse Beam','Characterization','Dehydration','Still','SSX-Chip','SSX-Jet') DEFAULT NULL,
  startTime datetime DEFAULT NULL,
  endTime datetime DEFAULT NULL,
  crystalClass varchar(20) DEFAULT NULL,
  comments varchar(1024) DEFAULT NULL,
  detectorMode varchar(255) DEFAULT NULL,
  actualSampleBarcode varchar(45) DEFAULT NULL,
  actualSampleSlotInContainer int unsigned DEFAULT NULL,
  actualContainerBarcode varchar(45) DEFAULT NULL,
  actualContainerSlotInSC int unsigned DEFAULT NULL,
  xtalSnapshotFullPath varchar(255) DEFAULT NULL,
  PRIMARY KEY (dataCollectionGroupId),
  KEY DataCollectionGroup_FKIndex1 (blSampleId),
  KEY DataCollectionGroup_FKIndex2 (sessionId),
  KEY workflowId (workflowId),
  CONSTRAINT DataCollectionGroup_ibfk_1 FOREIGN KEY (blSampleId) REFERENCES BLSample (blSampleId) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT DataCollectionGroup_ibfk_2 FOREIGN KEY (sessionId) REFERENCES BLSession (sessionId) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT DataCollectionGroup_ibfk_3 FOREIGN KEY (workflowId) REFERENCES Workflow (workflowId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- The columns of electron microscopy are left out.
CREATE TABLE DataCollection (
  dataCollectionId int unsigned NOT NULL AUTO_INCREMENT,
  dataCollectionGroupId int NOT NULL,
  strategySubWedgeOrigId int unsigned DEFAULT NULL,
  detectorId int DEFAULT NULL,
  blSubSampleId int unsigned DEFAULT NULL,
  startPositionId int unsigned DEFAULT NULL,
  endPositionId int unsigned DEFAULT NULL,
  dataCollectionNumber int unsigned DEFAULT NULL,
  startTime datetime DEFAULT NULL,
  endTime datetime DEFAULT NULL,
  runStatus varchar(45) DEFAULT NULL,
  axisStart float DEFAULT NULL,
  axisEnd float DEFAULT NULL,
  axisRange float DEFAULT NULL,
  overlap float DEFAULT NULL,
  numberOfImages int unsigned DEFAULT NULL,
  startImageNumber int unsigned DEFAULT NULL,
  numberOfPasses int unsigned DEFAULT NULL,
  exposureTime float DEFAULT NULL,
  imageDirectory varchar(255) DEFAULT NULL,
  imagePrefix varchar(100) DEFAULT NULL,
  imageSuffix varchar(45) DEFAULT NULL,
  imageContainerSubPath varchar(255) DEFAULT NULL,
  fileTemplate varchar(255) DEFAULT NULL,
  wavelength float DEFAULT NULL,
  resolution float DEFAULT NULL,
  detectorDistance float DEFAULT NULL,
  xBeam float DEFAULT NULL,
  yBeam float DEFAULT NULL,
  xBeamPix float DEFAULT NULL,
  yBeamPix float DEFAULT NULL,
  comments varchar(1024) DEFAULT NULL,
  printableForReport tinyint unsigned DEFAULT 1,
  slitGapVertical float DEFAULT NULL,
  slitGapHorizontal float DEFAULT NULL,
  transmission float DEFAULT NULL,
  synchrotronMode varchar(20) DEFAULT NULL,
  xtalSnapshotFullPath1 varchar(255) DEFAULT NULL,
  xtalSnapshotFullPath2 varchar(255) DEFAULT NULL,
  xtalSnapshotFullPath3 varchar(255) DEFAULT NULL,
  xtalSnapshotFullPath4 varchar(255) DEFAULT NULL,
  rotationAxis enum('Omega','Kappa','Phi') DEFAULT NULL,
  phiStart float DEFAULT NULL,
  kappaStart float DEFAULT NULL,
  omegaStart float DEFAULT NULL,
  chiStart float DEFAULT NULL,
  resolutionAtCorner float DEFAULT NULL,
  detector2Theta float DEFAULT NULL,
  undulatorGap1 float DEFAULT NULL,
  undulatorGap2 float DEFAULT NULL,
  undulatorGap3 float DEFAULT NULL,
  beamSizeAtSampleX float DEFAULT NULL,
  beamSizeAtSampleY float DEFAULT NULL,
  centeringMethod varchar(255) DEFAULT NULL,
  averageTemperature float DEFAULT NULL,
  actualCenteringPosition varchar(255) DEFAULT NULL,
  beamShape varchar(45) DEFAULT NULL,
  flux double DEFAULT NULL,
  flux_end double DEFAULT NULL,
  totalAbsorbedDose double DEFAULT NULL,
  bestWilsonPlotPath varchar(255) DEFAULT NULL,
  imageQualityIndicatorsPlotPath varchar(512) DEFAULT NULL,
  imageQualityIndicatorsCSVPath varchar(512) DEFAULT NULL,
  blSampleId int unsigned DEFAULT NULL,
  sessionId int unsigned DEFAULT 0,
  experimentType varchar(24) DEFAULT NULL,
  crystalClass varchar(20) DEFAULT NULL,
  detectorMode varchar(255) DEFAULT NULL,
  actualSampleBarcode varchar(45) DEFAULT NULL,
  actualSampleSlotInContainer int unsigned DEFAULT NULL,
  actualContainerBarcode varchar(45) DEFAULT NULL,
  actualContainerSlotInSC int unsigned DEFAULT NULL,
  positionId int unsigned DEFAULT NULL,
  focalSpotSizeAtSampleX float DEFAULT NULL,
  polarisation float DEFAULT NULL,
  focalSpotSizeAtSampleY float DEFAULT NULL,
  apertureId int unsigned DEFAULT NULL,
  screeningOrigId int unsigned DEFAULT NULL,
  processedDataFile varchar(255) DEFAULT NULL,
  datFullPath varchar(255) DEFAULT NULL,
  PRIMARY KEY (dataCollectionId),
  KEY DataCollection_FKIndex1 (dataCollectionGroupId),
  KEY DataCollection_FKIndex2 (strategySubWedgeOrigId),
  KEY DataCollection_FKIndex3 (detectorId),
  KEY DataCollection_FKIndexStartTime (startTime),
  KEY DataCollection_FKIndexImageDirectory (imageDirectory),
  KEY DataCollection_FKIndexDCNumber (dataCollectionNumber),
  KEY DataCollection_FKIndexImagePrefix (imagePrefix),
  KEY startPositionId (startPositionId),
  KEY endPositionId (endPositionId),
  KEY blSubSampleId (blSubSampleId),
  CONSTRAINT DataCollection_ibfk_3 FOREIGN KEY (dataCollectionGroupId) REFERENCES DataCollectionGroup (dataCollectionGroupId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- Processing ------------------------------------------------------------------------------

CREATE TABLE AutoProcProgram (
  autoProcProgramId int unsigned NOT NULL AUTO_INCREMENT,
  dataCollectionId int unsigned DEFAULT NULL,
  processingCommandLine varchar(255) DEFAULT NULL,
  processingPrograms varchar(255) DEFAULT NULL,
  processingStatus enum('RUNNING','FAILED','SUCCESS','0','1') DEFAULT NULL,
  processingMessage varchar(255) DEFAULT NULL,
  processingStartTime datetime DEFAULT NULL,
  processingEndTime datetime DEFAULT NULL,
  processingEnvironment varchar(255) DEFAULT NULL,
  recordTimeStamp datetime DEFAULT NULL,
  PRIMARY KEY (autoProcProgramId),
  KEY fk_AutoProcProgram_1_idx (dataCollectionId),
  CONSTRAINT AutoProcProgram_FK1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE AutoProcProgramAttachment (
  autoProcProgramAttachmentId int unsigned NOT NULL AUTO_INCREMENT,
  autoProcProgramId int unsigned NOT NULL,
  fileType enum('Log','Result','Graph') DEFAULT NULL,
  fileName varchar(255) DEFAULT NULL,
  filePath varchar(255) DEFAULT NULL,
  recordTimeStamp datetime DEFAULT NULL,
  PRIMARY KEY (autoProcProgramAttachmentId),
  KEY AutoProcProgramAttachmentIdx1 (autoProcProgramId),
  CONSTRAINT AutoProcProgramAttachmentFk1 FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- There is a key on autoProcProgramId, and no foreign key: a deleted program leaves its row here.
CREATE TABLE AutoProc (
  autoProcId int unsigned NOT NULL AUTO_INCREMENT,
  autoProcProgramId int unsigned DEFAULT NULL,
  spaceGroup varchar(45) DEFAULT NULL,
  refinedCell_a float DEFAULT NULL,
  refinedCell_b float DEFAULT NULL,
  refinedCell_c float DEFAULT NULL,
  refinedCell_alpha float DEFAULT NULL,
  refinedCell_beta float DEFAULT NULL,
  refinedCell_gamma float DEFAULT NULL,
  recordTimeStamp datetime DEFAULT NULL,
  PRIMARY KEY (autoProcId),
  KEY AutoProc_FKIndex1 (autoProcProgramId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE AutoProcScaling (
  autoProcScalingId int unsigned NOT NULL AUTO_INCREMENT,
  autoProcId int unsigned DEFAULT NULL,
  recordTimeStamp datetime DEFAULT NULL,
  resolutionEllipsoidValue1 float DEFAULT NULL,
  resolutionEllipsoidValue2 float DEFAULT NULL,
  resolutionEllipsoidValue3 float DEFAULT NULL,
  PRIMARY KEY (autoProcScalingId),
  KEY AutoProcScalingFk1 (autoProcId),
  KEY AutoProcScalingIdx1 (autoProcScalingId, autoProcId),
  CONSTRAINT AutoProcScalingFk1 FOREIGN KEY (autoProcId) REFERENCES AutoProc (autoProcId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE AutoProcIntegration (
  autoProcIntegrationId int unsigned NOT NULL AUTO_INCREMENT,
  dataCollectionId int unsigned NOT NULL,
  autoProcProgramId int unsigned DEFAULT NULL,
  startImageNumber int unsigned DEFAULT NULL,
  endImageNumber int unsigned DEFAULT NULL,
  refinedDetectorDistance float DEFAULT NULL,
  refinedXBeam float DEFAULT NULL,
  refinedYBeam float DEFAULT NULL,
  rotationAxisX float DEFAULT NULL,
  rotationAxisY float DEFAULT NULL,
  rotationAxisZ float DEFAULT NULL,
  beamVectorX float DEFAULT NULL,
  beamVectorY float DEFAULT NULL,
  beamVectorZ float DEFAULT NULL,
  cell_a float DEFAULT NULL,
  cell_b float DEFAULT NULL,
  cell_c float DEFAULT NULL,
  cell_alpha float DEFAULT NULL,
  cell_beta float DEFAULT NULL,
  cell_gamma float DEFAULT NULL,
  recordTimeStamp datetime DEFAULT NULL,
  anomalous tinyint(1) DEFAULT 0,
  PRIMARY KEY (autoProcIntegrationId),
  KEY AutoProcIntegrationIdx1 (dataCollectionId),
  KEY AutoProcIntegration_FKIndex1 (autoProcProgramId),
  CONSTRAINT AutoProcIntegration_ibfk_1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT AutoProcIntegration_ibfk_2 FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE AutoProcScaling_has_Int (
  autoProcScaling_has_IntId int unsigned NOT NULL AUTO_INCREMENT,
  autoProcScalingId int unsigned DEFAULT NULL,
  autoProcIntegrationId int unsigned NOT NULL,
  recordTimeStamp datetime DEFAULT NULL,
  PRIMARY KEY (autoProcScaling_has_IntId),
  KEY AutoProcScl_has_IntIdx1 (autoProcScalingId),
  KEY AutoProcScal_has_IntIdx2 (autoProcIntegrationId),
  KEY AutoProcScalingHasInt_FKIndex3 (autoProcScalingId, autoProcIntegrationId),
  CONSTRAINT AutoProcScaling_has_IntFk1 FOREIGN KEY (autoProcScalingId) REFERENCES AutoProcScaling (autoProcScalingId) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT AutoProcScaling_has_IntFk2 FOREIGN KEY (autoProcIntegrationId) REFERENCES AutoProcIntegration (autoProcIntegrationId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- The facility's own ledger ---------------------------------------------------------------

CREATE TABLE SchemaStatus (
  schemaStatusId int NOT NULL AUTO_INCREMENT,
  scriptName varchar(100) NOT NULL,
  schemaStatus varchar(10) DEFAULT NULL,
  recordTimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (schemaStatusId),
  UNIQUE KEY scriptName (scriptName)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE AdminVar (
  varId int NOT NULL AUTO_INCREMENT,
  name varchar(32) DEFAULT NULL,
  value varchar(1024) DEFAULT NULL,
  PRIMARY KEY (varId),
  KEY AdminVar_FKIndexName (name),
  KEY AdminVar_FKIndexValue (value(767))
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- Rows: one proposal, one session, two samples, six data collections of 1100 images --------

INSERT INTO Person (personId, familyName, givenName, login, recordTimeStamp) VALUES
  (1, 'Ångström', 'Ada', 'aangstrom', '2023-01-09 08:00:00'),
  (2, 'Brook', 'Ben', 'bbrook', '2023-01-09 08:00:00');

INSERT INTO Proposal (proposalId, personId, title, proposalCode, proposalNumber, proposalType, bltimeStamp) VALUES
  (1, 1, 'Lysozyme and friends', 'MX', '4242', 'MX', '2023-01-10 09:00:00');

-- No column is left to its zero date here: such a row could not be copied under strict modes.
INSERT INTO BLSession (sessionId, proposalId, startDate, endDate, beamLineName, scheduled, nbShifts, visit_number, bltimeStamp, lastUpdate) VALUES
  (1, 1, '2023-02-01 09:30:00', '2023-02-02 09:30:00', 'ID00', 1, 3, 1, '2023-01-20 12:00:00', '2023-02-02 09:30:00');

INSERT INTO Session_has_Person (sessionId, personId, role, remote) VALUES
  (1, 1, 'Principal Investigator', 0),
  (1, 2, 'Local Contact', 0);

INSERT INTO Protein (proteinId, proposalId, name, acronym, safetyLevel, personId, bltimeStamp) VALUES
  (1, 1, 'Lysozyme', 'LYS', 'GREEN', 1, '2023-01-10 09:05:00');

INSERT INTO Crystal (crystalId, proteinId, name, spaceGroup, cell_a, cell_b, cell_c, cell_alpha, cell_beta, cell_gamma, recordTimeStamp) VALUES
  (1, 1, 'lys-1', 'P43212', 78.9, 78.9, 36.9, 90, 90, 90, '2023-01-10 09:06:00');

INSERT INTO BLSample (blSampleId, crystalId, name, code, location, blSampleStatus, recordTimeStamp) VALUES
  (1, 1, 'lys-1-a', 'BC0001', '1', 'collected', '2023-01-10 09:07:00'),
  (2, 1, 'lys-1-b', 'BC0002', '2', 'collected', '2023-01-10 09:08:00');

INSERT INTO BLSampleGroup (blSampleGroupId, name) VALUES (1, 'lysozyme');

INSERT INTO BLSampleGroup_has_BLSample (blSampleGroupId, blSampleId, `order`, type) VALUES
  (1, 1, 1, 'sample'),
  (1, 2, 2, 'sample');

INSERT INTO DataCollectionGroup (dataCollectionGroupId, blSampleId, sessionId, experimentType, startTime, endTime) VALUES
  (1, 1, 1, 'OSC', '2023-02-01 10:00:00', '2023-02-01 10:30:00'),
  (2, 2, 1, 'Collect - Multiwedge', '2023-02-01 11:00:00', '2023-02-01 11:30:00');

INSERT INTO DataCollection (dataCollectionId, dataCollectionGroupId, dataCollectionNumber, startTime, endTime, runStatus, axisStart, axisEnd, axisRange, numberOfImages, startImageNumber, exposureTime, imageDirectory, imagePrefix, imageSuffix, fileTemplate, wavelength, resolution, detectorDistance, rotationAxis, blSampleId, sessionId) VALUES
  (1, 1, 1, '2023-02-01 10:00:00', '2023-02-01 10:02:00', 'Data collection successful', 0, 110, 0.1, 1100, 1, 0.02, '/data/mx4242/lys-1-a/', 'lys-1-a', 'h5', 'lys-1-a_1_master.h5', 0.9795, 1.6, 180, 'Omega', 1, 1),
  (2, 1, 2, '2023-02-01 10:10:00', '2023-02-01 10:12:00', 'Data collection successful', 110, 220, 0.1, 1100, 1, 0.02, '/data/mx4242/lys-1-a/', 'lys-1-a', 'h5', 'lys-1-a_2_master.h5', 0.9795, 1.6, 180, 'Omega', 1, 1),
  (3, 1, 3, '2023-02-01 10:20:00', '2023-02-01 10:22:00', 'Data collection successful', 220, 330, 0.1, 1100, 1, 0.02, '/data/mx4242/lys-1-a/', 'lys-1-a', 'h5', 'lys-1-a_3_master.h5', 0.9795, 1.6, 180, 'Omega', 1, 1),
  (4, 2, 1, '2023-02-01 11:00:00', '2023-02-01 11:02:00', 'Data collection successful', 0, 110, 0.1, 1100, 1, 0.02, '/data/mx4242/lys-1-b/', 'lys-1-b', 'h5', 'lys-1-b_1_master.h5', 0.9795, 1.8, 200, 'Omega', 2, 1),
  (5, 2, 2, '2023-02-01 11:10:00', '2023-02-01 11:12:00', 'Data collection successful', 0, 110, 0.1, 1100, 1, 0.02, '/data/mx4242/lys-1-b/', 'lys-1-b', 'h5', 'lys-1-b_2_master.h5', 0.9795, 1.8, 200, 'Omega', 2, 1),
  (6, 2, 3, '2023-02-01 11:20:00', '2023-02-01 11:22:00', 'Data collection successful', 0, 110, 0.1, 1100, 1, 0.02, '/data/mx4242/lys-1-b/', 'lys-1-b', 'h5', 'lys-1-b_3_master.h5', 0.9795, 1.8, 200, 'Omega', 2, 1);

-- Every spelling of the status that is met in the field: words, the two digits, and nothing yet.
INSERT INTO AutoProcProgram (autoProcProgramId, dataCollectionId, processingCommandLine, processingPrograms, processingStatus, processingMessage, processingStartTime, processingEndTime, recordTimeStamp) VALUES
  (1, 1, 'xia2 pipeline=dials', 'xia2 dials', 'SUCCESS', 'processing successful', '2023-02-01 10:03:00', '2023-02-01 10:09:00', '2023-02-01 10:09:00'),
  (2, 2, 'fast_dp lys-1-a_2_master.h5', 'fast_dp', 'FAILED', 'no spots found', '2023-02-01 10:13:00', '2023-02-01 10:14:00', '2023-02-01 10:14:00'),
  (3, 3, 'autoPROC', 'autoPROC', 'RUNNING', 'started', '2023-02-01 10:23:00', NULL, '2023-02-01 10:23:00'),
  (4, 4, 'fast_dp lys-1-b_1_master.h5', 'fast_dp', '1', 'processing successful', '2023-02-01 11:03:00', '2023-02-01 11:05:00', '2023-02-01 11:05:00'),
  (5, 5, 'xia2 pipeline=3dii', 'xia2 3dii', '0', 'processing failure', '2023-02-01 11:13:00', '2023-02-01 11:15:00', '2023-02-01 11:15:00'),
  (6, NULL, NULL, 'xia2 dials', NULL, NULL, NULL, NULL, '2023-02-01 11:23:00');

INSERT INTO AutoProcProgramAttachment (autoProcProgramAttachmentId, autoProcProgramId, fileType, fileName, filePath, recordTimeStamp) VALUES
  (1, 1, 'Log', 'xia2.html', '/data/mx4242/processed/1', '2023-02-01 10:09:00'),
  (2, 1, 'Result', 'scaled.mtz', '/data/mx4242/processed/1', '2023-02-01 10:09:00'),
  (3, 4, 'Log', 'fast_dp.log', '/data/mx4242/processed/4', '2023-02-01 11:05:00');

INSERT INTO AutoProc (autoProcId, autoProcProgramId, spaceGroup, refinedCell_a, refinedCell_b, refinedCell_c, refinedCell_alpha, refinedCell_beta, refinedCell_gamma, recordTimeStamp) VALUES
  (1, 1, 'P43212', 78.9, 78.9, 36.9, 90, 90, 90, '2023-02-01 10:09:00'),
  (2, 4, 'P43212', 79.0, 79.0, 37.0, 90, 90, 90, '2023-02-01 11:05:00');

INSERT INTO AutoProcScaling (autoProcScalingId, autoProcId, recordTimeStamp) VALUES
  (1, 1, '2023-02-01 10:09:00'),
  (2, 2, '2023-02-01 11:05:00');

INSERT INTO AutoProcIntegration (autoProcIntegrationId, dataCollectionId, autoProcProgramId, startImageNumber, endImageNumber, cell_a, cell_b, cell_c, cell_alpha, cell_beta, cell_gamma, recordTimeStamp, anomalous) VALUES
  (1, 1, 1, 1, 1100, 78.9, 78.9, 36.9, 90, 90, 90, '2023-02-01 10:09:00', 0),
  (2, 4, 4, 1, 1100, 79.0, 79.0, 37.0, 90, 90, 90, '2023-02-01 11:05:00', 0);

INSERT INTO AutoProcScaling_has_Int (autoProcScaling_has_IntId, autoProcScalingId, autoProcIntegrationId, recordTimeStamp) VALUES
  (1, 1, 1, '2023-02-01 10:09:00'),
  (2, 2, 2, '2023-02-01 11:05:00');

INSERT INTO SchemaStatus (schemaStatusId, scriptName, schemaStatus, recordTimeStamp) VALUES
  (1, '2021_07_05_New_EM_tables_and_view.sql', 'DONE', '2021-07-06 08:00:00'),
  (2, '2022_08_17_AdminVar_bump_version.sql', 'DONE', '2022-08-18 08:00:00'),
  (3, '2022_11_21_SSX_experiment.sql', 'DONE', '2022-11-22 08:00:00');

INSERT INTO AdminVar (varId, name, value) VALUES (1, 'schemaVersion', '1.0.1');
