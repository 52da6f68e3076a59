-- Inserts a file of a program run (p_id NULL; the new id is returned in p_id) or updates one. ispyb-api calls it in
-- upsert_program_attachment.
--
-- A NULL argument leaves the stored value as it is: clients rely on it.
-- Differences from upstream: p_type accepts every value of its column, also Input; an update does not require
-- p_parentid; an id that does not exist is refused, also as p_id; a new attachment without a name is refused.
CREATE PROCEDURE upsert_processing_program_attachment_v2 (
  INOUT p_id int unsigned,
  IN p_parentid int unsigned,
  IN p_name TYPE OF AutoProcProgramAttachment.fileName,
  IN p_path TYPE OF AutoProcProgramAttachment.filePath,
  IN p_type TYPE OF AutoProcProgramAttachment.fileType,
  IN p_importanceRank tinyint unsigned
)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Inserts a file of a program run, or updates the one with this id; NULL leaves a value as it is'
BEGIN
  DECLARE problem varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

  IF p_id IS NULL AND p_parentid IS NULL THEN
    SET problem = 'p_parentid is NULL: a new attachment needs a program';
  ELSEIF p_id IS NULL AND p_name IS NULL THEN
    SET problem = 'p_name is NULL: a new attachment needs a file name';
  ELSEIF p_parentid IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM AutoProcProgram WHERE autoProcProgramId = p_parentid LOCK IN SHARE MODE
  ) THEN
    SET problem = CONCAT('p_parentid: there is no AutoProcProgram ', p_parentid);
  ELSEIF p_id IS NULL THEN
    INSERT INTO AutoProcProgramAttachment (
      autoProcProgramId, fileName, filePath, fileType, importanceRank, recordTimeStamp
    ) VALUES (
      p_parentid, p_name, p_path, p_type, p_importanceRank, NOW()
    );
    SET p_id = LAST_INSERT_ID();
  ELSE
    UPDATE AutoProcProgramAttachment
    SET
      autoProcProgramId = IFNULL(p_parentid, autoProcProgramId),
      fileName = IFNULL(p_name, fileName),
      filePath = IFNULL(p_path, filePath),
      fileType = IFNULL(p_type, fileType),
      importanceRank = IFNULL(p_importanceRank, importanceRank)
    WHERE autoProcProgramAttachmentId = p_id;
    -- No row changed: the id is unknown, or there is nothing to change.
    IF ROW_COUNT() = 0 AND NOT EXISTS (
      SELECT 1 FROM AutoProcProgramAttachment WHERE autoProcProgramAttachmentId = p_id LOCK IN SHARE MODE
    ) THEN
      SET problem = CONCAT('p_id: there is no AutoProcProgramAttachment ', p_id);
    END IF;
  END IF;

  IF problem IS NOT NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = problem;
  END IF;
END;
