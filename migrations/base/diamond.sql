-- A small stand-in for Diamond's ISPyB schema as it is in 2026: the tables that processing jobs
-- hang on, with the names, types, keys and delete rules of the real one. Tables that nothing here
-- touches are left out, and so are the foreign keys to them (their columns and keys remain).
--
-- The real one has current_user() as the default of BLSample.source and Container.source, which
-- MySQL refuses; here it is NULL, so that every server loads this file.
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
  faxNumber varchar(45) DEFAULT NULL,
  recordTimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  cache text,
  externalId binary(16) DEFAULT NULL,
  PRIMARY KEY (personId),
  UNIQUE KEY Person_FKIndex_Login (login),
  KEY Person_FKIndex1 (laboratoryId),
  KEY Person_FKIndexFamilyName (familyName),
  KEY siteId (siteId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE Proposal (
  proposalId int unsigned NOT NULL AUTO_INCREMENT,
  personId int unsigned NOT NULL DEFAULT 0,
  title varchar(200) DEFAULT NULL,
  proposalCode varchar(45) DEFAULT NULL,
  proposalNumber varchar(45) DEFAULT NULL,
  bltimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  proposalType varchar(2) DEFAULT NULL,
  externalId binary(16) DEFAULT NULL,
  state enum('Open','Closed','Cancelled') DEFAULT 'Open',
  startDate datetime DEFAULT NULL,
  endDate datetime DEFAULT NULL,
  PRIMARY KEY (proposalId),
  UNIQUE KEY Proposal_FKIndexCodeNumber (proposalCode, proposalNumber),
  KEY Proposal_FKIndex1 (personId),
  CONSTRAINT Proposal_ibfk_1 FOREIGN KEY (personId) REFERENCES Person (personId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE BLSession (
  sessionId int unsigned NOT NULL AUTO_INCREMENT,
  beamLineSetupId int unsigned DEFAULT NULL,
  proposalId int unsigned NOT NULL DEFAULT 0,
  beamCalendarId int unsigned DEFAULT NULL,
  startDate datetime DEFAULT NULL,
  endDate datetime DEFAULT NULL,
  beamLineName varchar(45) DEFAULT NULL,
  scheduled tinyint(1) DEFAULT NULL,
  nbShifts int unsigned DEFAULT NULL,
  comments varchar(2000) DEFAULT NULL,
  beamLineOperator varchar(255) DEFAULT NULL,
  bltimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  visit_number int unsigned DEFAULT 0,
  usedFlag tinyint(1) DEFAULT NULL,
  lastUpdate timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  externalId binary(16) DEFAULT NULL,
  archived tinyint(1) DEFAULT 0,
  riskRating enum('Low','Medium','High','Not Permitted') DEFAULT NULL,
  purgedProcessedData tinyint(1) DEFAULT 0,
  icatId int unsigned DEFAULT NULL,
  PRIMARY KEY (sessionId),
  UNIQUE KEY proposalId (proposalId, visit_number),
  KEY Session_FKIndex2 (beamLineSetupId),
  KEY Session_FKIndexBeamLineName (beamLineName),
  KEY Session_FKIndexEndDate (endDate),
  KEY Session_FKIndexStartDate (startDate),
  KEY BLSession_fk_beamCalendarId (beamCalendarId),
  CONSTRAINT BLSession_ibfk_1 FOREIGN KEY (proposalId) REFERENCES Proposal (proposalId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE Session_has_Person (
  sessionId int unsigned NOT NULL DEFAULT 0,
  personId int unsigned NOT NULL DEFAULT 0,
  role enum('Local Contact','Local Contact 2','Staff','Team Leader','Co-Investigator','Principal Investigator','Alternate Contact','Data Access','Team Member','ERA Admin','Associate') DEFAULT NULL,
  remote tinyint(1) DEFAULT 0,
  PRIMARY KEY (sessionId, personId),
  KEY Session_has_Person_FKIndex2 (personId),
  CONSTRAINT Session_has_Person_ibfk_1 FOREIGN KEY (sessionId) REFERENCES BLSession (sessionId) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT Session_has_Person_ibfk_2 FOREIGN KEY (personId) REFERENCES Person (personId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- Pipelines -------------------------------------------------------------------------------

CREATE TABLE ProcessingPipelineCategory (
  processingPipelineCategoryId int unsigned NOT NULL AUTO_INCREMENT,
  name varchar(20) NOT NULL,
  PRIMARY KEY (processingPipelineCategoryId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE ProcessingPipeline (
  processingPipelineId int unsigned NOT NULL AUTO_INCREMENT,
  processingPipelineCategoryId int unsigned DEFAULT NULL,
  name varchar(20) NOT NULL,
  discipline varchar(10) NOT NULL,
  pipelineStatus enum('automatic','optional','deprecated') DEFAULT NULL,
  reprocessing tinyint(1) DEFAULT 1,
  PRIMARY KEY (processingPipelineId),
  KEY ProcessingPipeline_fk1 (processingPipelineCategoryId),
  CONSTRAINT ProcessingPipeline_fk1 FOREIGN KEY (processingPipelineCategoryId) REFERENCES ProcessingPipelineCategory (processingPipelineCategoryId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- Samples ---------------------------------------------------------------------------------

CREATE TABLE Protein (
  proteinId int unsigned NOT NULL AUTO_INCREMENT,
  proposalId int unsigned NOT NULL DEFAULT 0,
  name varchar(255) DEFAULT NULL,
  acronym varchar(45) DEFAULT NULL,
  description text,
  hazardGroup tinyint unsigned NOT NULL DEFAULT 1,
  containmentLevel tinyint unsigned NOT NULL DEFAULT 1,
  safetyLevel enum('GREEN','YELLOW','RED') DEFAULT NULL,
  molecularMass double DEFAULT NULL,
  proteinType varchar(45) DEFAULT NULL,
  personId int unsigned DEFAULT NULL,
  bltimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  isCreatedBySampleSheet tinyint(1) DEFAULT 0,
  sequence text,
  MOD_ID varchar(20) DEFAULT NULL,
  componentTypeId int unsigned DEFAULT NULL,
  concentrationTypeId int unsigned DEFAULT NULL,
  global tinyint(1) DEFAULT 0,
  externalId binary(16) DEFAULT NULL,
  density float DEFAULT NULL,
  abundance float DEFAULT NULL,
  isotropy enum('isotropic','anisotropic') DEFAULT NULL,
  PRIMARY KEY (proteinId),
  KEY ProteinAcronym_Index (proposalId, acronym),
  KEY Protein_FKIndex2 (personId),
  KEY Protein_Index2 (acronym),
  KEY protein_fk3 (componentTypeId),
  KEY protein_fk4 (concentrationTypeId),
  CONSTRAINT Protein_ibfk_1 FOREIGN KEY (proposalId) REFERENCES Proposal (proposalId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE Crystal (
  crystalId int unsigned NOT NULL AUTO_INCREMENT,
  diffractionPlanId int unsigned DEFAULT NULL,
  proteinId int unsigned NOT NULL DEFAULT 0,
  crystalUUID varchar(45) DEFAULT NULL,
  name varchar(255) DEFAULT NULL,
  spaceGroup varchar(20) DEFAULT NULL,
  morphology varchar(255) DEFAULT NULL,
  color varchar(45) DEFAULT NULL,
  size_X double DEFAULT NULL,
  size_Y double DEFAULT NULL,
  size_Z double DEFAULT NULL,
  cell_a double DEFAULT NULL,
  cell_b double DEFAULT NULL,
  cell_c double DEFAULT NULL,
  cell_alpha double DEFAULT NULL,
  cell_beta double DEFAULT NULL,
  cell_gamma double DEFAULT NULL,
  comments varchar(255) DEFAULT NULL,
  pdbFileName varchar(255) DEFAULT NULL,
  pdbFilePath varchar(1024) DEFAULT NULL,
  recordTimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  abundance float DEFAULT NULL,
  theoreticalDensity float DEFAULT NULL,
  PRIMARY KEY (crystalId),
  KEY Crystal_FKIndex1 (proteinId),
  KEY Crystal_FKIndex2 (diffractionPlanId),
  CONSTRAINT Crystal_ibfk_1 FOREIGN KEY (proteinId) REFERENCES Protein (proteinId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE Container (
  containerId int unsigned NOT NULL AUTO_INCREMENT,
  dewarId int unsigned DEFAULT NULL,
  code varchar(45) DEFAULT NULL,
  containerType varchar(20) DEFAULT NULL,
  capacity int unsigned DEFAULT NULL,
  sampleChangerLocation varchar(20) DEFAULT NULL,
  containerStatus varchar(45) DEFAULT NULL,
  bltimeStamp datetime DEFAULT NULL,
  beamlineLocation varchar(20) DEFAULT NULL,
  screenId int unsigned DEFAULT NULL,
  scheduleId int unsigned DEFAULT NULL,
  barcode varchar(45) DEFAULT NULL,
  imagerId int unsigned DEFAULT NULL,
  sessionId int unsigned DEFAULT NULL,
  ownerId int unsigned DEFAULT NULL,
  requestedImagerId int unsigned DEFAULT NULL,
  requestedReturn tinyint(1) DEFAULT 0,
  comments varchar(255) DEFAULT NULL,
  experimentType varchar(20) DEFAULT NULL,
  storageTemperature float DEFAULT NULL,
  containerRegistryId int unsigned DEFAULT NULL,
  scLocationUpdated datetime DEFAULT NULL,
  priorityPipelineId int unsigned DEFAULT 6,
  experimentTypeId int unsigned DEFAULT NULL,
  containerTypeId int unsigned DEFAULT NULL,
  currentDewarId int unsigned DEFAULT NULL,
  parentContainerId int unsigned DEFAULT NULL,
  source varchar(50) DEFAULT NULL,
  parentContainerLocation int unsigned DEFAULT NULL,
  PRIMARY KEY (containerId),
  UNIQUE KEY Container_UNIndex1 (barcode),
  KEY Container_FKIndex (beamlineLocation),
  KEY Container_FKIndex1 (dewarId),
  KEY Container_FKIndexStatus (containerStatus),
  KEY Container_ibfk2 (screenId),
  KEY Container_ibfk3 (scheduleId),
  KEY Container_ibfk4 (imagerId),
  KEY Container_ibfk5 (ownerId),
  KEY Container_ibfk7 (requestedImagerId),
  KEY Container_ibfk8 (containerRegistryId),
  KEY Container_ibfk6 (sessionId),
  KEY Container_ibfk9 (priorityPipelineId),
  KEY Container_fk_experimentTypeId (experimentTypeId),
  KEY Container_ibfk10 (containerTypeId),
  KEY Container_fk_currentDewarId (currentDewarId),
  KEY Container_fk_parentContainerId (parentContainerId),
  CONSTRAINT Container_fk_parentContainerId FOREIGN KEY (parentContainerId) REFERENCES Container (containerId),
  CONSTRAINT Container_ibfk5 FOREIGN KEY (ownerId) REFERENCES Person (personId),
  CONSTRAINT Container_ibfk6 FOREIGN KEY (sessionId) REFERENCES BLSession (sessionId) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT Container_ibfk9 FOREIGN KEY (priorityPipelineId) REFERENCES ProcessingPipeline (processingPipelineId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE BLSample (
  blSampleId int unsigned NOT NULL AUTO_INCREMENT,
  diffractionPlanId int unsigned DEFAULT NULL,
  crystalId int unsigned DEFAULT NULL,
  containerId int unsigned DEFAULT NULL,
  name varchar(45) DEFAULT NULL,
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
  POSITIONID int unsigned DEFAULT NULL,
  recordTimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  SMILES varchar(400) DEFAULT NULL,
  blSubSampleId int unsigned DEFAULT NULL,
  lastImageURL varchar(255) DEFAULT NULL,
  screenComponentGroupId int unsigned DEFAULT NULL,
  volume float DEFAULT NULL,
  dimension1 double DEFAULT NULL,
  dimension2 double DEFAULT NULL,
  dimension3 double DEFAULT NULL,
  shape varchar(15) DEFAULT NULL,
  packingFraction float DEFAULT NULL,
  preparationTemeprature mediumint DEFAULT NULL,
  preparationHumidity float DEFAULT NULL,
  blottingTime int unsigned DEFAULT NULL,
  blottingForce float DEFAULT NULL,
  blottingDrainTime int unsigned DEFAULT NULL,
  support varchar(50) DEFAULT NULL,
  subLocation smallint unsigned DEFAULT NULL,
  staffComments varchar(255) DEFAULT NULL,
  source varchar(50) DEFAULT NULL,
  PRIMARY KEY (blSampleId),
  UNIQUE KEY BLSample_uidx_containerId_location_subLocation (containerId, location, subLocation),
  KEY BLSample_FKIndex1 (containerId),
  KEY BLSample_FKIndex3 (diffractionPlanId),
  KEY BLSample_FKIndex_Status (blSampleStatus),
  KEY BLSample_Index1 (name),
  KEY crystalId (crystalId, containerId),
  KEY BLSampleImage_idx1 (blSubSampleId),
  KEY BLSample_fk5 (screenComponentGroupId),
  CONSTRAINT BLSample_ibfk_1 FOREIGN KEY (containerId) REFERENCES Container (containerId) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT BLSample_ibfk_2 FOREIGN KEY (crystalId) REFERENCES Crystal (crystalId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE BLSampleGroup (
  blSampleGroupId int unsigned NOT NULL AUTO_INCREMENT,
  name varchar(100) DEFAULT NULL,
  proposalId int unsigned DEFAULT NULL,
  ownerId int unsigned DEFAULT NULL,
  PRIMARY KEY (blSampleGroupId),
  KEY BLSampleGroup_fk_proposalId (proposalId),
  KEY BLSampleGroup_fk_ownerId (ownerId),
  CONSTRAINT BLSampleGroup_fk_ownerId FOREIGN KEY (ownerId) REFERENCES Person (personId) ON UPDATE CASCADE,
  CONSTRAINT BLSampleGroup_fk_proposalId FOREIGN KEY (proposalId) REFERENCES Proposal (proposalId) ON DELETE SET NULL ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE BLSampleGroup_has_BLSample (
  blSampleGroupId int unsigned NOT NULL,
  blSampleId int unsigned NOT NULL,
  groupOrder mediumint DEFAULT NULL,
  type enum('background','container','sample','calibrant','capillary') DEFAULT NULL,
  blSampleTypeId int unsigned DEFAULT NULL,
  PRIMARY KEY (blSampleGroupId, blSampleId),
  KEY BLSampleGroup_has_BLSample_ibfk2 (blSampleId),
  KEY BLSampleGroup_has_BLSample_ibfk3 (blSampleTypeId),
  CONSTRAINT BLSampleGroup_has_BLSample_ibfk1 FOREIGN KEY (blSampleGroupId) REFERENCES BLSampleGroup (blSampleGroupId),
  CONSTRAINT BLSampleGroup_has_BLSample_ibfk2 FOREIGN KEY (blSampleId) REFERENCES BLSample (blSampleId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- Measurements ----------------------------------------------------------------------------

-- The id is signed here, and the columns that refer to it are signed as well.
CREATE TABLE DataCollectionGroup (
  dataCollectionGroupId int NOT NULL AUTO_INCREMENT,
  sessionId int unsigned NOT NULL,
  comments varchar(1024) DEFAULT NULL,
  blSampleId int unsigned DEFAULT NULL,
  experimentType enum('SAD','SAD - Inverse Beam','OSC','Collect - Multiwedge','MAD','Helical','Multi-positional','Mesh','Burn','MAD - Inverse Beam','Characterization','Dehydration','tomo','experiment','EM','PDF','PDF+Bragg','Bragg','single particle','Serial Fixed','Serial Jet','Standard','Time Resolved','Diamond Anvil High Pressure','Custom','XRF map','Energy scan','XRF spectrum','XRF map xas','Mesh3D','Screening','Still','SSX-Chip','SSX-Jet','Metal ID') DEFAULT NULL,
  startTime datetime DEFAULT NULL,
  endTime datetime DEFAULT NULL,
  crystalClass varchar(20) DEFAULT NULL,
  detectorMode varchar(255) DEFAULT NULL,
  actualSampleBarcode varchar(45) DEFAULT NULL,
  actualSampleSlotInContainer int unsigned DEFAULT NULL,
  actualContainerBarcode varchar(45) DEFAULT NULL,
  actualContainerSlotInSC int unsigned DEFAULT NULL,
  xtalSnapshotFullPath varchar(255) DEFAULT NULL,
  scanParameters longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(scanParameters)),
  experimentTypeId int unsigned DEFAULT NULL,
  PRIMARY KEY (dataCollectionGroupId),
  KEY DataCollectionGroup_FKIndex1 (blSampleId),
  KEY DataCollectionGroup_FKIndex2 (sessionId),
  KEY DataCollectionGroup_ibfk_4 (experimentTypeId),
  CONSTRAINT DataCollectionGroup_ibfk_1 FOREIGN KEY (blSampleId) REFERENCES BLSample (blSampleId) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT DataCollectionGroup_ibfk_2 FOREIGN KEY (sessionId) REFERENCES BLSession (sessionId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- All of its columns, because ispyb-api names every one of them in each of its queries. The key to
-- the group restricts, as do all keys of a job; results still go with their program.
CREATE TABLE DataCollection (
  dataCollectionId int unsigned NOT NULL AUTO_INCREMENT,
  BLSAMPLEID int unsigned DEFAULT NULL,
  SESSIONID int unsigned DEFAULT 0,
  experimenttype varchar(24) DEFAULT NULL,
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
  imagePrefix varchar(45) DEFAULT NULL,
  imageSuffix varchar(45) DEFAULT NULL,
  imageContainerSubPath varchar(255) DEFAULT NULL,
  fileTemplate varchar(255) DEFAULT NULL,
  wavelength float DEFAULT NULL,
  resolution float DEFAULT NULL,
  detectorDistance float DEFAULT NULL,
  xBeam float DEFAULT NULL,
  yBeam float DEFAULT NULL,
  comments varchar(1024) DEFAULT NULL,
  printableForReport tinyint unsigned DEFAULT 1,
  CRYSTALCLASS varchar(20) DEFAULT NULL,
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
  DETECTORMODE varchar(255) DEFAULT NULL,
  undulatorGap1 float DEFAULT NULL,
  undulatorGap2 float DEFAULT NULL,
  undulatorGap3 float DEFAULT NULL,
  beamSizeAtSampleX float DEFAULT NULL,
  beamSizeAtSampleY float DEFAULT NULL,
  centeringMethod varchar(255) DEFAULT NULL,
  averageTemperature float DEFAULT NULL,
  ACTUALSAMPLEBARCODE varchar(45) DEFAULT NULL,
  ACTUALSAMPLESLOTINCONTAINER int unsigned DEFAULT NULL,
  ACTUALCONTAINERBARCODE varchar(45) DEFAULT NULL,
  ACTUALCONTAINERSLOTINSC int unsigned DEFAULT NULL,
  actualCenteringPosition varchar(255) DEFAULT NULL,
  beamShape varchar(45) DEFAULT NULL,
  dataCollectionGroupId int NOT NULL,
  POSITIONID int unsigned DEFAULT NULL,
  detectorId int DEFAULT NULL,
  FOCALSPOTSIZEATSAMPLEX float DEFAULT NULL,
  POLARISATION float DEFAULT NULL,
  FOCALSPOTSIZEATSAMPLEY float DEFAULT NULL,
  APERTUREID int unsigned DEFAULT NULL,
  screeningOrigId int unsigned DEFAULT NULL,
  startPositionId int unsigned DEFAULT NULL,
  endPositionId int unsigned DEFAULT NULL,
  flux double DEFAULT NULL,
  strategySubWedgeOrigId int unsigned DEFAULT NULL,
  blSubSampleId int unsigned DEFAULT NULL,
  flux_end double DEFAULT NULL,
  bestWilsonPlotPath varchar(255) DEFAULT NULL,
  processedDataFile varchar(255) DEFAULT NULL,
  datFullPath varchar(255) DEFAULT NULL,
  magnification float unsigned DEFAULT NULL,
  totalAbsorbedDose float DEFAULT NULL,
  binning tinyint(1) DEFAULT 1,
  particleDiameter float DEFAULT NULL,
  boxSize_CTF float DEFAULT NULL,
  minResolution float DEFAULT NULL,
  minDefocus float DEFAULT NULL,
  maxDefocus float DEFAULT NULL,
  defocusStepSize float DEFAULT NULL,
  amountAstigmatism float DEFAULT NULL,
  extractSize float DEFAULT NULL,
  bgRadius float DEFAULT NULL,
  voltage float DEFAULT NULL,
  objAperture float DEFAULT NULL,
  c1aperture float DEFAULT NULL,
  c2aperture float DEFAULT NULL,
  c3aperture float DEFAULT NULL,
  c1lens float DEFAULT NULL,
  c2lens float DEFAULT NULL,
  c3lens float DEFAULT NULL,
  totalExposedDose float DEFAULT NULL,
  nominalMagnification float unsigned DEFAULT NULL,
  nominalDefocus float unsigned DEFAULT NULL,
  imageSizeX mediumint unsigned DEFAULT NULL,
  imageSizeY mediumint unsigned DEFAULT NULL,
  pixelSizeOnImage float DEFAULT NULL,
  phasePlate tinyint(1) DEFAULT NULL,
  dataCollectionPlanId int unsigned DEFAULT NULL,
  PRIMARY KEY (dataCollectionId),
  KEY blSubSampleId (blSubSampleId),
  KEY DataCollection_FKIndex1 (dataCollectionGroupId),
  KEY DataCollection_FKIndex2 (strategySubWedgeOrigId),
  KEY DataCollection_FKIndex3 (detectorId),
  KEY DataCollection_FKIndexDCNumber (dataCollectionNumber),
  KEY DataCollection_FKIndexImageDirectory (imageDirectory),
  KEY DataCollection_FKIndexImagePrefix (imagePrefix),
  KEY DataCollection_FKIndexStartTime (startTime),
  KEY endPositionId (endPositionId),
  KEY startPositionId (startPositionId),
  KEY DataCollection_FKIndex0 (BLSAMPLEID),
  KEY DataCollection_FKIndex00 (SESSIONID),
  KEY DataCollection_dataCollectionGroupId_startTime (dataCollectionGroupId, startTime),
  KEY DataCollection_dataCollectionPlanId (dataCollectionPlanId),
  CONSTRAINT DataCollection_ibfk_3 FOREIGN KEY (dataCollectionGroupId) REFERENCES DataCollectionGroup (dataCollectionGroupId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- Processing ------------------------------------------------------------------------------

CREATE TABLE ProcessingJob (
  processingJobId int unsigned NOT NULL AUTO_INCREMENT,
  dataCollectionId int unsigned DEFAULT NULL,
  displayName varchar(80) DEFAULT NULL,
  comments varchar(255) DEFAULT NULL,
  recordTimestamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  recipe varchar(50) DEFAULT NULL,
  automatic tinyint(1) DEFAULT NULL,
  PRIMARY KEY (processingJobId),
  KEY ProcessingJob_ibfk1 (dataCollectionId),
  CONSTRAINT ProcessingJob_ibfk1 FOREIGN KEY (dataCollectionId) REFERENCES DataCollection (dataCollectionId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE ProcessingJobParameter (
  processingJobParameterId int unsigned NOT NULL AUTO_INCREMENT,
  processingJobId int unsigned DEFAULT NULL,
  parameterKey varchar(80) DEFAULT NULL,
  parameterValue varchar(1024) DEFAULT NULL,
  PRIMARY KEY (processingJobParameterId),
  KEY ProcessingJobParameter_ibfk1 (processingJobId),
  KEY ProcessingJobParameter_idx_paramKey_procJobId (parameterKey, processingJobId),
  CONSTRAINT ProcessingJobParameter_ibfk1 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE ProcessingJobImageSweep (
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
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- The pipeline has neither a key nor a foreign key.
CREATE TABLE AutoProcProgram (
  autoProcProgramId int unsigned NOT NULL AUTO_INCREMENT,
  processingCommandLine varchar(255) DEFAULT NULL,
  processingPrograms varchar(255) DEFAULT NULL,
  processingStatus tinyint(1) DEFAULT NULL,
  processingMessage varchar(255) DEFAULT NULL,
  processingStartTime datetime DEFAULT NULL,
  processingEndTime datetime DEFAULT NULL,
  processingEnvironment varchar(255) DEFAULT NULL,
  recordTimeStamp datetime DEFAULT NULL,
  processingJobId int unsigned DEFAULT NULL,
  processingPipelineId int unsigned DEFAULT NULL,
  parentAutoProcProgramId int unsigned DEFAULT NULL,
  PRIMARY KEY (autoProcProgramId),
  KEY AutoProcProgram_FK2 (processingJobId),
  KEY AutoProcProgram_fk_parentAutoProcProgramId (parentAutoProcProgramId),
  CONSTRAINT AutoProcProgram_FK2 FOREIGN KEY (processingJobId) REFERENCES ProcessingJob (processingJobId),
  CONSTRAINT AutoProcProgram_fk_parentAutoProcProgramId FOREIGN KEY (parentAutoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE AutoProcProgramAttachment (
  autoProcProgramAttachmentId int unsigned NOT NULL AUTO_INCREMENT,
  autoProcProgramId int unsigned NOT NULL,
  fileType enum('Log','Result','Graph','Debug','Input') DEFAULT NULL,
  fileName varchar(255) DEFAULT NULL,
  filePath varchar(255) DEFAULT NULL,
  recordTimeStamp datetime DEFAULT NULL,
  importanceRank tinyint unsigned DEFAULT NULL,
  deleted tinyint(1) DEFAULT 0,
  PRIMARY KEY (autoProcProgramAttachmentId),
  KEY AutoProcProgramAttachmentIdx1 (autoProcProgramId),
  CONSTRAINT AutoProcProgramAttachmentFk1 FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE AutoProcProgramMessage (
  autoProcProgramMessageId int unsigned NOT NULL AUTO_INCREMENT,
  autoProcProgramId int unsigned DEFAULT NULL,
  recordTimeStamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  severity enum('ERROR','WARNING','INFO') NOT NULL,
  message varchar(200) DEFAULT NULL,
  description text,
  PRIMARY KEY (autoProcProgramMessageId),
  KEY AutoProcProgramMessage_fk1 (autoProcProgramId),
  CONSTRAINT AutoProcProgramMessage_fk1 FOREIGN KEY (autoProcProgramId) REFERENCES AutoProcProgram (autoProcProgramId)
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
  KEY AutoProc_FKIndex1 (autoProcProgramId),
  KEY AutoProc_refined_unit_cell (refinedCell_a, refinedCell_b, refinedCell_c, refinedCell_alpha, refinedCell_beta, refinedCell_gamma)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE AutoProcScaling (
  autoProcScalingId int unsigned NOT NULL AUTO_INCREMENT,
  autoProcId int unsigned DEFAULT NULL,
  recordTimeStamp datetime DEFAULT NULL,
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
  KEY AutoProcScalingHasInt_FKIndex3 (autoProcScalingId, autoProcIntegrationId),
  KEY AutoProcScal_has_IntIdx2 (autoProcIntegrationId),
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

-- Rows: one visit, two samples, six data collections of 1100 images, six jobs ----------------

INSERT INTO Person (personId, familyName, givenName, login, recordTimeStamp) VALUES
  (1, 'Ångström', 'Ada', 'aangstrom', '2023-01-09 08:00:00'),
  (2, 'Brook', 'Ben', 'bbrook', '2023-01-09 08:00:00');

INSERT INTO Proposal (proposalId, personId, title, proposalCode, proposalNumber, proposalType, bltimeStamp) VALUES
  (1, 1, 'Lysozyme and friends', 'mx', '4242', 'MX', '2023-01-10 09:00:00');

INSERT INTO BLSession (sessionId, proposalId, startDate, endDate, beamLineName, scheduled, nbShifts, visit_number, bltimeStamp, lastUpdate) VALUES
  (1, 1, '2023-02-01 09:30:00', '2023-02-02 09:30:00', 'i00', 1, 3, 1, '2023-01-20 12:00:00', '2023-02-02 09:30:00');

INSERT INTO Session_has_Person (sessionId, personId, role, remote) VALUES
  (1, 1, 'Principal Investigator', 0),
  (1, 2, 'Data Access', 1);

-- The names and numbers are those of upstream: workers write these ids into AutoProcProgram.
INSERT INTO ProcessingPipelineCategory (processingPipelineCategoryId, name) VALUES
  (1, 'screening'),
  (2, 'processing'),
  (3, 'post processing');

INSERT INTO ProcessingPipeline (processingPipelineId, processingPipelineCategoryId, name, discipline, pipelineStatus, reprocessing) VALUES
  (1, 1, 'Mosflm', 'MX', 'automatic', 0),
  (2, 1, 'EDNA', 'MX', 'automatic', 0),
  (3, 2, 'Fast DP', 'MX', 'automatic', 1),
  (4, 2, 'xia2/XDS', 'MX', 'deprecated', 0),
  (5, 2, 'xia2/Multiplex', 'MX', 'automatic', 1),
  (6, 2, 'xia2/DIALS', 'MX', 'optional', 1),
  (7, 2, 'xia2/3dii', 'MX', 'optional', 1),
  (8, 2, 'autoPROC', 'MX', 'optional', 1),
  (9, 3, 'Fast EP', 'MX', 'automatic', 0),
  (10, 3, 'Dimple', 'MX', 'automatic', 0),
  (11, 3, 'MrBUMP', 'MX', 'automatic', 0),
  (12, 3, 'Big EP/XDS', 'MX', 'automatic', 0),
  (13, 3, 'Big EP/DIALS', 'MX', 'automatic', 0),
  (14, 2, 'autoPROC+STARANISO', 'MX', 'automatic', 0),
  (15, 2, 'xia2/DIALS (multi)', 'MX', 'automatic', 0),
  (16, 2, 'xia2/3dii (multi)', 'MX', 'automatic', 0);

INSERT INTO Protein (proteinId, proposalId, name, acronym, safetyLevel, personId, bltimeStamp) VALUES
  (1, 1, 'Lysozyme', 'LYS', 'GREEN', 1, '2023-01-10 09:05:00');

INSERT INTO Crystal (crystalId, proteinId, name, spaceGroup, cell_a, cell_b, cell_c, cell_alpha, cell_beta, cell_gamma, recordTimeStamp) VALUES
  (1, 1, 'lys-1', 'P43212', 78.9, 78.9, 36.9, 90, 90, 90, '2023-01-10 09:06:00');

INSERT INTO Container (containerId, code, containerType, capacity, containerStatus, bltimeStamp, barcode, sessionId, ownerId) VALUES
  (1, 'puck-1', 'Puck', 16, 'processing', '2023-01-10 09:06:30', 'DLS-0001', 1, 1);

INSERT INTO BLSample (blSampleId, crystalId, containerId, name, code, location, blSampleStatus, recordTimeStamp) VALUES
  (1, 1, 1, 'lys-1-a', 'BC0001', '1', 'collected', '2023-01-10 09:07:00'),
  (2, 1, 1, 'lys-1-b', 'BC0002', '2', 'collected', '2023-01-10 09:08:00');

INSERT INTO BLSampleGroup (blSampleGroupId, name, proposalId, ownerId) VALUES (1, 'lysozyme', 1, 1);

INSERT INTO BLSampleGroup_has_BLSample (blSampleGroupId, blSampleId, groupOrder, type) VALUES
  (1, 1, 1, 'sample'),
  (1, 2, 2, 'sample');

INSERT INTO DataCollectionGroup (dataCollectionGroupId, blSampleId, sessionId, experimentType, startTime, endTime, scanParameters) VALUES
  (1, 1, 1, 'OSC', '2023-02-01 10:00:00', '2023-02-01 10:30:00', NULL),
  (2, 2, 1, 'Collect - Multiwedge', '2023-02-01 11:00:00', '2023-02-01 11:30:00', '{"wedges": 3}');

INSERT INTO DataCollection (dataCollectionId, dataCollectionGroupId, dataCollectionNumber, startTime, endTime, runStatus, axisStart, axisEnd, axisRange, numberOfImages, startImageNumber, exposureTime, imageDirectory, imagePrefix, imageSuffix, fileTemplate, wavelength, resolution, detectorDistance, rotationAxis, BLSAMPLEID, SESSIONID) VALUES
  (1, 1, 1, '2023-02-01 10:00:00', '2023-02-01 10:02:00', 'DataCollection Successful', 0, 110, 0.1, 1100, 1, 0.02, '/data/mx4242-1/lys-1-a/', 'lys-1-a', 'h5', 'lys-1-a_1_master.h5', 0.9795, 1.6, 180, 'Omega', 1, 1),
  (2, 1, 2, '2023-02-01 10:10:00', '2023-02-01 10:12:00', 'DataCollection Successful', 110, 220, 0.1, 1100, 1, 0.02, '/data/mx4242-1/lys-1-a/', 'lys-1-a', 'h5', 'lys-1-a_2_master.h5', 0.9795, 1.6, 180, 'Omega', 1, 1),
  (3, 1, 3, '2023-02-01 10:20:00', '2023-02-01 10:22:00', 'DataCollection Successful', 220, 330, 0.1, 1100, 1, 0.02, '/data/mx4242-1/lys-1-a/', 'lys-1-a', 'h5', 'lys-1-a_3_master.h5', 0.9795, 1.6, 180, 'Omega', 1, 1),
  (4, 2, 1, '2023-02-01 11:00:00', '2023-02-01 11:02:00', 'DataCollection Successful', 0, 110, 0.1, 1100, 1, 0.02, '/data/mx4242-1/lys-1-b/', 'lys-1-b', 'h5', 'lys-1-b_1_master.h5', 0.9795, 1.8, 200, 'Omega', 2, 1),
  (5, 2, 2, '2023-02-01 11:10:00', '2023-02-01 11:12:00', 'DataCollection Successful', 0, 110, 0.1, 1100, 1, 0.02, '/data/mx4242-1/lys-1-b/', 'lys-1-b', 'h5', 'lys-1-b_2_master.h5', 0.9795, 1.8, 200, 'Omega', 2, 1),
  (6, 2, 3, '2023-02-01 11:20:00', '2023-02-01 11:22:00', 'DataCollection Successful', 0, 110, 0.1, 1100, 1, 0.02, '/data/mx4242-1/lys-1-b/', 'lys-1-b', 'h5', 'lys-1-b_3_master.h5', 0.9795, 1.8, 200, 'Omega', 2, 1);

-- A pipeline's job, a user's, one over two samples, two that go on from a result, and one of a
-- worker that says little: no name, neither automatic nor not, two ranges of one data collection.
INSERT INTO ProcessingJob (processingJobId, dataCollectionId, displayName, comments, recordTimestamp, recipe, automatic) VALUES
  (1, 1, 'xia2 dials', NULL, '2023-02-01 10:02:30', 'autoprocessing-xia2-dials', 1),
  (2, 2, 'Xia2 DIALS', 'without the first images', '2023-02-03 14:00:00', 'xia2-dials', 0),
  (3, 1, 'xia2.multiplex', NULL, '2023-02-01 11:06:00', 'postprocessing-xia2-multiplex', 1),
  (4, 1, 'DIMPLE', NULL, '2023-02-01 10:09:30', 'postprocessing-dimple', 1),
  (5, 1, 'MrBUMP', NULL, '2023-02-01 10:09:40', 'postprocessing-mrbump', 1),
  (6, 6, NULL, NULL, '2023-02-01 11:23:00', 'xia2-3dii', NULL);

-- Keys repeat: there are two files of data, and each is a row.
INSERT INTO ProcessingJobParameter (processingJobParameterId, processingJobId, parameterKey, parameterValue) VALUES
  (1, 2, 'd_min', '1.8'),
  (2, 2, 'spacegroup', 'P43212'),
  (3, 3, 'data', '/data/mx4242-1/processed/1/integrated.expt'),
  (4, 3, 'data', '/data/mx4242-1/processed/4/integrated.expt'),
  (5, 3, 'sample_group_id', '1'),
  (6, 4, 'data', '/data/mx4242-1/processed/1/scaled.mtz'),
  (7, 4, 'scaling_id', '1'),
  (8, 5, 'hklin', '/data/mx4242-1/processed/1/scaled.mtz'),
  (9, 5, 'scaling_id', '1');

INSERT INTO ProcessingJobImageSweep (processingJobImageSweepId, processingJobId, dataCollectionId, startImage, endImage) VALUES
  (1, 1, 1, 1, 1100),
  (2, 2, 2, 51, 1100),
  (3, 3, 1, 1, 1100),
  (4, 3, 4, 1, 1100),
  (5, 4, 1, 1, 1100),
  (6, 6, 6, 1, 500),
  (7, 6, 6, 601, 1100);

-- Done, failed, running and waiting; the second is from before there were jobs.
INSERT INTO AutoProcProgram (autoProcProgramId, processingCommandLine, processingPrograms, processingStatus, processingMessage, processingStartTime, processingEndTime, processingEnvironment, recordTimeStamp, processingJobId, processingPipelineId, parentAutoProcProgramId) VALUES
  (1, 'xia2 pipeline=dials', 'xia2 dials', 1, 'processing successful', '2023-02-01 10:03:00', '2023-02-01 10:09:00', 'cluster=slurm', '2023-02-01 10:09:00', 1, 6, NULL),
  (2, 'fast_dp lys-1-a_2_master.h5', 'fast_dp', 1, 'processing successful', '2023-02-01 10:13:00', '2023-02-01 10:14:00', NULL, '2023-02-01 10:14:00', NULL, NULL, NULL),
  (3, 'xia2 pipeline=dials image=51:1100', 'xia2 dials', NULL, 'started', '2023-02-03 14:00:30', NULL, 'cluster=slurm', '2023-02-03 14:00:30', 2, 6, NULL),
  (4, 'xia2.multiplex', 'xia2.multiplex', 1, 'processing successful', '2023-02-01 11:06:30', '2023-02-01 11:09:00', NULL, '2023-02-01 11:09:00', 3, 5, NULL),
  (5, 'dimple scaled.mtz', 'dimple', 0, 'no model', '2023-02-01 10:10:00', '2023-02-01 10:11:00', NULL, '2023-02-01 10:11:00', 4, 10, 1),
  (6, NULL, 'MrBUMP', NULL, NULL, NULL, NULL, NULL, '2023-02-01 10:09:40', 5, 11, 1);

INSERT INTO AutoProcProgramAttachment (autoProcProgramAttachmentId, autoProcProgramId, fileType, fileName, filePath, recordTimeStamp, importanceRank, deleted) VALUES
  (1, 1, 'Log', 'xia2.html', '/data/mx4242-1/processed/1', '2023-02-01 10:09:00', 1, 0),
  (2, 1, 'Result', 'scaled.mtz', '/data/mx4242-1/processed/1', '2023-02-01 10:09:00', 2, 0),
  (3, 2, 'Log', 'fast_dp.log', '/data/mx4242-1/processed/2', '2023-02-01 10:14:00', NULL, 1),
  (4, 5, 'Debug', 'dimple.log', '/data/mx4242-1/processed/5', '2023-02-01 10:11:00', NULL, 0),
  (5, 5, 'Input', 'scaled.mtz', '/data/mx4242-1/processed/1', '2023-02-01 10:10:00', NULL, 0);

INSERT INTO AutoProcProgramMessage (autoProcProgramMessageId, autoProcProgramId, recordTimeStamp, severity, message, description) VALUES
  (1, 1, '2023-02-01 10:05:00', 'INFO', 'indexed', 'all images in one lattice'),
  (2, 5, '2023-02-01 10:11:00', 'ERROR', 'no model', 'there is no PDB file for this protein');

INSERT INTO AutoProc (autoProcId, autoProcProgramId, spaceGroup, refinedCell_a, refinedCell_b, refinedCell_c, refinedCell_alpha, refinedCell_beta, refinedCell_gamma, recordTimeStamp) VALUES
  (1, 1, 'P43212', 78.9, 78.9, 36.9, 90, 90, 90, '2023-02-01 10:09:00'),
  (2, 2, 'P43212', 79.0, 79.0, 37.0, 90, 90, 90, '2023-02-01 10:14:00');

INSERT INTO AutoProcScaling (autoProcScalingId, autoProcId, recordTimeStamp) VALUES
  (1, 1, '2023-02-01 10:09:00'),
  (2, 2, '2023-02-01 10:14:00');

INSERT INTO AutoProcIntegration (autoProcIntegrationId, dataCollectionId, autoProcProgramId, startImageNumber, endImageNumber, cell_a, cell_b, cell_c, cell_alpha, cell_beta, cell_gamma, recordTimeStamp, anomalous) VALUES
  (1, 1, 1, 1, 1100, 78.9, 78.9, 36.9, 90, 90, 90, '2023-02-01 10:09:00', 0),
  (2, 2, 2, 1, 1100, 79.0, 79.0, 37.0, 90, 90, 90, '2023-02-01 10:14:00', 0);

INSERT INTO AutoProcScaling_has_Int (autoProcScaling_has_IntId, autoProcScalingId, autoProcIntegrationId, recordTimeStamp) VALUES
  (1, 1, 1, '2023-02-01 10:09:00'),
  (2, 2, 2, '2023-02-01 10:14:00');

-- What of the ledger concerns these tables. Two names end in blanks, as they do in the real one.
INSERT INTO SchemaStatus (schemaStatusId, scriptName, schemaStatus, recordTimeStamp) VALUES
  (1, '2018_11_01_AutoProcProgram_dataCollectionId.sql', 'DONE', '2018-11-01 15:00:00'),
  (2, '2018_11_01_AutoProcProgramMessage.sql', 'DONE', '2018-11-01 15:30:00'),
  (3, '2018_11_14_AutoProcProgramMessage_autoinc.sql', 'DONE', '2018-11-14 10:00:00'),
  (4, '2018_11_22_AutoProcProgram_processingStatus_update.sql', 'DONE', '2018-11-22 16:00:00'),
  (5, '2019_01_14_ProcessingJobParameter_parameterValue.sql', 'DONE', '2019-01-14 14:00:00'),
  (6, '2019_11_07_AutoProcProgramAttachment_importanceRank.sql', 'DONE', '2019-11-07 16:30:00'),
  (7, '2020_03_09_Reprocessing_drop_tables.sql', 'DONE', '2020-03-09 11:00:00'),
  (8, '2020_03_24_ProcessingPipeline_tables.sql', 'DONE', '2020-03-26 16:30:00'),
  (9, '2020_03_25_ProcessingPipeline_ren_col.sql', 'DONE', '2020-03-26 16:31:00'),
  (10, '2021_07_23_AutoProcProgram_drop_dataCollectionId.sql', 'DONE', '2021-07-23 17:30:00'),
  (11, '2021_08_05_MXMRRun_update.sql', 'DONE', '2021-11-23 13:00:00'),
  (12, '2022_01_20_Container_priorityPipelineId_default.sql', 'DONE', '2022-02-14 11:00:00'),
  (13, '2024_03_19_AutoProcProgramMessage_severity_not_null.sql', 'DONE', '2024-03-26 16:40:00'),
  (14, '2024_03_19_ProcessingJobParameter_index.sql', 'DONE', '2024-03-26 16:40:00'),
  (15, '2024_09_25_AutoProcProgram_processingPipelineId.sql', 'DONE', '2024-12-05 13:30:00'),
  (16, '2024_12_04_AutoProcProgramAttachment_deleted.sql', 'DONE', '2024-12-05 13:30:00'),
  (17, '2026_01_05_GridSquare_Atlas_channels.sql ', 'DONE', '2026-01-13 15:15:00'),
  (18, '2026_01_27_AutoProcProgram_parentAutoProcProgramId.sql', 'DONE', '2026-02-12 10:30:00'),
  (19, '2026_03_16_ProcessingPipeline_new_pipelines.sql  ', 'DONE', '2026-04-10 12:20:00'),
  (20, '2026_04_23_AdminVar_bump_version.sql', 'DONE', '2026-04-21 14:30:00');

INSERT INTO AdminVar (varId, name, value) VALUES (4, 'schemaVersion', '5.0.0');
