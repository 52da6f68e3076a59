-- Returns the files of a program run, in the order in which they were added. ispyb-api calls it in
-- retrieve_program_attachments_for_program_id.
--
-- With a login, it returns rows only to a person in the session of the data collection that the run belongs to. With
-- NULL, it returns them for every run.
-- Difference from upstream: a run without a job, as all runs before 2017, belongs to the data collection that it
-- integrated, and is visible to the people of that session.
CREATE PROCEDURE retrieve_processing_program_attachments_for_program_id_v2 (
  IN p_id int unsigned,
  IN p_authLogin TYPE OF Person.login
)
  READS SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Returns the files of a program run, to people of its session if a login is given'
BEGIN
  IF p_id IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'p_id is NULL: which program?';
  END IF;

  SELECT
    attachment.autoProcProgramAttachmentId AS attachmentId,
    attachment.fileType AS fileType,
    attachment.filePath AS filePath,
    attachment.fileName AS fileName,
    attachment.importanceRank AS importanceRank
  FROM AutoProcProgramAttachment AS attachment
  WHERE attachment.autoProcProgramId = p_id
    AND (p_authLogin IS NULL OR EXISTS (
      SELECT 1
      FROM (
          SELECT job.dataCollectionId
          FROM AutoProcProgram AS program
            JOIN ProcessingJob AS job ON job.processingJobId = program.processingJobId
          WHERE program.autoProcProgramId = p_id
        UNION
          SELECT integration.dataCollectionId
          FROM AutoProcProgram AS program
            JOIN AutoProcIntegration AS integration ON integration.autoProcProgramId = program.autoProcProgramId
          WHERE program.autoProcProgramId = p_id AND program.processingJobId IS NULL
        -- #if AutoProcProgram.dataCollectionId exists
        UNION
          SELECT program.dataCollectionId
          FROM AutoProcProgram AS program
          WHERE program.autoProcProgramId = p_id AND program.processingJobId IS NULL
        -- #end
      ) AS origin
        JOIN DataCollection AS collection ON collection.dataCollectionId = origin.dataCollectionId
        JOIN DataCollectionGroup AS grouped ON grouped.dataCollectionGroupId = collection.dataCollectionGroupId
        JOIN Session_has_Person AS member ON member.sessionId = grouped.sessionId
        JOIN Person AS person ON person.personId = member.personId
      WHERE person.login = p_authLogin
    ))
  ORDER BY attachment.autoProcProgramAttachmentId;
END;
