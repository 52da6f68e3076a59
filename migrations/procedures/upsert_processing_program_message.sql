-- Inserts a message of a program run (p_id NULL; the new id is returned in p_id) or updates one. ispyb-api calls it
-- in upsert_program_message.
--
-- A NULL argument leaves the stored value as it is: clients rely on it.
-- Differences from upstream: an id that does not exist is refused, also as p_id; a severity that the column does not
-- have is refused; a new message without a severity or without text is refused. A p_message longer than its column is
-- refused with error 1406 (too long), which clients handle apart from other errors.
CREATE PROCEDURE upsert_processing_program_message (
  INOUT p_id int unsigned,
  IN p_programId int unsigned,
  IN p_severity varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
  IN p_message varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
  IN p_description TYPE OF AutoProcProgramMessage.description
)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Inserts a message of a program run, or updates the one with this id; NULL leaves a value as it is'
BEGIN
  DECLARE problem varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
  DECLARE new_severity TYPE OF AutoProcProgramMessage.severity;
  DECLARE new_message TYPE OF AutoProcProgramMessage.message;

  BEGIN
    DECLARE EXIT HANDLER FOR 1406
      SIGNAL SQLSTATE '22001' SET
        MYSQL_ERRNO = 1406,
        MESSAGE_TEXT = 'p_message is longer than AutoProcProgramMessage.message';
    -- 1265: not a value of the column.
    DECLARE EXIT HANDLER FOR 1265
      SET problem = CONCAT('p_severity: ', LEFT(p_severity, 40), ' is not a value of AutoProcProgramMessage.severity');
    SET new_message = p_message;
    SET new_severity = p_severity;
  END;

  IF problem IS NOT NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = problem;
  ELSEIF p_id IS NULL AND p_programId IS NULL THEN
    SET problem = 'p_programId is NULL: a new message needs a program';
  ELSEIF p_id IS NULL AND p_severity IS NULL THEN
    SET problem = 'p_severity is NULL: a new message needs a severity';
  ELSEIF p_id IS NULL AND p_message IS NULL AND p_description IS NULL THEN
    SET problem = 'p_message and p_description are NULL: a new message needs text';
  ELSEIF p_programId IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM AutoProcProgram WHERE autoProcProgramId = p_programId LOCK IN SHARE MODE
  ) THEN
    SET problem = CONCAT('p_programId: there is no AutoProcProgram ', p_programId);
  ELSEIF p_id IS NULL THEN
    INSERT INTO AutoProcProgramMessage (autoProcProgramId, severity, message, description)
    VALUES (p_programId, new_severity, new_message, p_description);
    SET p_id = LAST_INSERT_ID();
  ELSE
    UPDATE AutoProcProgramMessage
    SET
      autoProcProgramId = IFNULL(p_programId, autoProcProgramId),
      severity = IFNULL(new_severity, severity),
      message = IFNULL(new_message, message),
      description = IFNULL(p_description, description)
    WHERE autoProcProgramMessageId = p_id;
    -- No row changed: the id is unknown, or there is nothing to change.
    IF ROW_COUNT() = 0 AND NOT EXISTS (
      SELECT 1 FROM AutoProcProgramMessage WHERE autoProcProgramMessageId = p_id LOCK IN SHARE MODE
    ) THEN
      SET problem = CONCAT('p_id: there is no AutoProcProgramMessage ', p_id);
    END IF;
  END IF;

  IF problem IS NOT NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = problem;
  END IF;
END;
