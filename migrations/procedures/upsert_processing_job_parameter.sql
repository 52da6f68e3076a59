-- Inserts a parameter of a processing job (p_id NULL; the new id is returned in p_id) or updates one. ispyb-api calls
-- it in upsert_job_parameter.
--
-- A key may occur more than once: workers read all its values. A value may be NULL, because some workers write it.
-- A NULL argument leaves the stored value as it is: clients rely on it.
-- Differences from upstream: an id that does not exist is refused, also as p_id; a new parameter without a key is
-- refused.
CREATE PROCEDURE upsert_processing_job_parameter (
  INOUT p_id int unsigned,
  IN p_processingJobId int unsigned,
  IN p_parameterKey TYPE OF ProcessingJobParameter.parameterKey,
  IN p_parameterValue TYPE OF ProcessingJobParameter.parameterValue
)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Inserts a parameter of a job, or updates the one with this id; NULL leaves a value as it is'
BEGIN
  DECLARE problem varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

  IF p_id IS NULL AND p_processingJobId IS NULL THEN
    SET problem = 'p_processingJobId is NULL: a new parameter needs a job';
  ELSEIF p_id IS NULL AND p_parameterKey IS NULL THEN
    SET problem = 'p_parameterKey is NULL: a new parameter needs a key';
  ELSEIF p_processingJobId IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ProcessingJob WHERE processingJobId = p_processingJobId LOCK IN SHARE MODE
  ) THEN
    SET problem = CONCAT('p_processingJobId: there is no ProcessingJob ', p_processingJobId);
  ELSEIF p_id IS NULL THEN
    INSERT INTO ProcessingJobParameter (processingJobId, parameterKey, parameterValue)
    VALUES (p_processingJobId, p_parameterKey, p_parameterValue);
    SET p_id = LAST_INSERT_ID();
  ELSE
    UPDATE ProcessingJobParameter
    SET
      processingJobId = IFNULL(p_processingJobId, processingJobId),
      parameterKey = IFNULL(p_parameterKey, parameterKey),
      parameterValue = IFNULL(p_parameterValue, parameterValue)
    WHERE processingJobParameterId = p_id;
    -- No row changed: the id is unknown, or there is nothing to change.
    IF ROW_COUNT() = 0 AND NOT EXISTS (
      SELECT 1 FROM ProcessingJobParameter WHERE processingJobParameterId = p_id LOCK IN SHARE MODE
    ) THEN
      SET problem = CONCAT('p_id: there is no ProcessingJobParameter ', p_id);
    END IF;
  END IF;

  IF problem IS NOT NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = problem;
  END IF;
END;
