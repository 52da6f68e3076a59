-- Returns the files of a program's runs on the data collections of a group: one row for each run and data
-- collection, with the files as JSON text, a list of {fileType, fullFilePath, importanceRank}. A run without files
-- has no row. ispyb-api calls it in retrieve_program_attachments_for_data_collection_group_and_program.
--
-- With a login, it returns rows only to a person in the group's session. With NULL, it returns them for every group.
-- processingStatus is a number for every client: 1 success, 0 failure, NULL neither.
-- Differences from upstream: the list of files is never cut off (GROUP_CONCAT cuts at 1024 bytes by default on
-- MySQL); a run that integrated a data collection twice lists its files once; a run that names its data collection
-- itself, where the table has that column, is included.
CREATE PROCEDURE retrieve_processing_program_attachments_for_dc_group_program_v2 (
  IN p_id int unsigned,
  IN p_program TYPE OF AutoProcProgram.processingPrograms,
  IN p_authLogin TYPE OF Person.login
)
  READS SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Returns the files of a program on a data collection group, to people of its session if a login is given'
BEGIN
  DECLARE callers_limit bigint unsigned DEFAULT @@session.group_concat_max_len;

  IF p_id IS NULL OR p_program IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'p_id or p_program is NULL: which group, which program?';
  END IF;

  -- No answer can be longer than max_allowed_packet.
  SET SESSION group_concat_max_len = @@max_allowed_packet;

  SELECT
    origin.dataCollectionId AS dataCollectionId,
    program.autoProcProgramId AS autoProcProgramId,
    -- #if AutoProcProgram.processingStatus is enum
    CASE
      WHEN program.processingStatus IN ('SUCCESS', '1') THEN 1
      WHEN program.processingStatus IN ('FAILED', '0') THEN 0
    END AS processingStatus,
    -- #else
    program.processingStatus AS processingStatus,
    -- #end
    CONCAT('[', GROUP_CONCAT(
      JSON_OBJECT(
        'fileType', attachment.fileType,
        'fullFilePath', CONCAT(attachment.filePath, '/', attachment.fileName),
        'importanceRank', attachment.importanceRank
      )
      ORDER BY attachment.autoProcProgramAttachmentId
    ), ']') AS processingAttachments
  FROM (
      SELECT DISTINCT integration.dataCollectionId, integration.autoProcProgramId
      FROM DataCollection AS collection
        JOIN AutoProcIntegration AS integration ON integration.dataCollectionId = collection.dataCollectionId
      WHERE collection.dataCollectionGroupId = p_id
    -- #if AutoProcProgram.dataCollectionId exists
    UNION
      SELECT own.dataCollectionId, own.autoProcProgramId
      FROM DataCollection AS collection
        JOIN AutoProcProgram AS own ON own.dataCollectionId = collection.dataCollectionId
      WHERE collection.dataCollectionGroupId = p_id
    -- #end
    ) AS origin
    JOIN AutoProcProgram AS program ON program.autoProcProgramId = origin.autoProcProgramId
    JOIN AutoProcProgramAttachment AS attachment ON attachment.autoProcProgramId = program.autoProcProgramId
  WHERE program.processingPrograms = p_program
    AND (p_authLogin IS NULL OR EXISTS (
      SELECT 1
      FROM DataCollectionGroup AS grouped
        JOIN Session_has_Person AS member ON member.sessionId = grouped.sessionId
        JOIN Person AS person ON person.personId = member.personId
      WHERE grouped.dataCollectionGroupId = p_id AND person.login = p_authLogin
    ))
  GROUP BY origin.dataCollectionId, program.autoProcProgramId, program.processingStatus
  ORDER BY origin.dataCollectionId, program.autoProcProgramId;

  SET SESSION group_concat_max_len = callers_limit;
END;
