-- Inserts a program run (p_id NULL; the new id is returned in p_id) or updates one. ispyb-api calls it in
-- upsert_program_ex, for `ispyb.job --create` and `--update` and for the services that follow programs.
--
-- p_status: 1 success, 0 failure, NULL neither. Where the column is an enum, these become SUCCESS and FAILED, and
-- RUNNING for a run that has a start time. Other numbers are refused.
-- Clients rely on these rules for an update:
--   a run that has its final status is finished, and an update changes nothing;
--   an update without a status that is older than the last one changes nothing;
--   the first update sets the start time and every update sets the end time, to now if it brings none;
--   a NULL argument leaves the stored value as it is.
-- Differences from upstream: these rules are part of the one UPDATE, so two updates at once lose nothing and the
-- caller's transaction stays open; a message may be as long as its column; an id that does not exist is refused, also
-- as p_id; the id of a pipeline that does not exist is refused, because there is no foreign key for it.
CREATE PROCEDURE upsert_processing_program_v2 (
  INOUT p_id int unsigned,
  IN p_commandLine TYPE OF AutoProcProgram.processingCommandLine,
  IN p_programs TYPE OF AutoProcProgram.processingPrograms,
  IN p_status int,
  IN p_updateMessage TYPE OF AutoProcProgram.processingMessage,
  IN p_startTimestamp datetime,
  IN p_updateTimestamp datetime,
  IN p_environment TYPE OF AutoProcProgram.processingEnvironment,
  IN p_processingJobId int unsigned,
  IN p_processingPipelineId int unsigned,
  IN p_recordTimestamp datetime
)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Inserts a program run, or updates the one with this id unless it is finished'
BEGIN
  DECLARE problem varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
  DECLARE new_status TYPE OF AutoProcProgram.processingStatus;

  -- #if AutoProcProgram.processingStatus is enum
  IF p_status = 1 THEN
    SET new_status = 'SUCCESS';
  ELSEIF p_status = 0 THEN
    SET new_status = 'FAILED';
  ELSEIF p_status IS NOT NULL THEN
    SET problem = CONCAT('p_status ', p_status, ' is neither 1 (success), 0 (failure) nor NULL');
  ELSEIF p_id IS NOT NULL OR p_startTimestamp IS NOT NULL THEN
    SET new_status = 'RUNNING';
  END IF;
  -- #else
  SET new_status = p_status;
  -- #end

  IF problem IS NOT NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = problem;
  ELSEIF p_processingJobId IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ProcessingJob WHERE processingJobId = p_processingJobId LOCK IN SHARE MODE
  ) THEN
    SET problem = CONCAT('p_processingJobId: there is no ProcessingJob ', p_processingJobId);
  ELSEIF p_processingPipelineId IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ProcessingPipeline WHERE processingPipelineId = p_processingPipelineId LOCK IN SHARE MODE
  ) THEN
    SET problem = CONCAT('p_processingPipelineId: there is no ProcessingPipeline ', p_processingPipelineId);
  ELSEIF p_id IS NULL THEN
    INSERT INTO AutoProcProgram (
      processingStatus, processingStartTime, processingEndTime, processingMessage, processingJobId,
      processingPipelineId, processingCommandLine, processingPrograms, processingEnvironment, recordTimeStamp
    ) VALUES (
      new_status, p_startTimestamp, p_updateTimestamp, p_updateMessage, p_processingJobId,
      p_processingPipelineId, p_commandLine, p_programs, p_environment, IFNULL(p_recordTimestamp, NOW())
    );
    SET p_id = LAST_INSERT_ID();
  ELSE
    UPDATE AutoProcProgram
    SET
      processingStatus = new_status,
      processingStartTime = COALESCE(processingStartTime, p_startTimestamp, NOW()),
      processingEndTime = IFNULL(p_updateTimestamp, NOW()),
      processingMessage = IFNULL(p_updateMessage, processingMessage),
      processingJobId = IFNULL(p_processingJobId, processingJobId),
      processingPipelineId = IFNULL(p_processingPipelineId, processingPipelineId),
      processingCommandLine = IFNULL(p_commandLine, processingCommandLine),
      processingPrograms = IFNULL(p_programs, processingPrograms),
      processingEnvironment = IFNULL(p_environment, processingEnvironment)
    WHERE autoProcProgramId = p_id
      -- #if AutoProcProgram.processingStatus is enum
      AND (processingStatus IS NULL OR processingStatus IN ('', 'RUNNING'))
      -- #else
      AND processingStatus IS NULL
      -- #end
      AND (
        p_status IS NOT NULL OR p_updateTimestamp IS NULL
        OR processingEndTime IS NULL OR processingEndTime <= p_updateTimestamp
      );
    -- No row changed: the id is unknown, or the run is finished or was updated since.
    IF ROW_COUNT() = 0 AND NOT EXISTS (
      SELECT 1 FROM AutoProcProgram WHERE autoProcProgramId = p_id LOCK IN SHARE MODE
    ) THEN
      SET problem = CONCAT('p_id: there is no AutoProcProgram ', p_id);
    END IF;
  END IF;

  IF problem IS NOT NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = problem;
  END IF;
END;
