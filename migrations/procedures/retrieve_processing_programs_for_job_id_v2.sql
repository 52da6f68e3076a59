-- Returns the program runs of a processing job, in the order in which they were registered. ispyb-api calls it in
-- retrieve_programs_for_job_id.
--
-- With a login, it returns rows only to a person in the session of the job's data collection. With NULL, it returns
-- them for every job.
-- status is a number for every client: 1 success, 0 failure, NULL neither. Where the column is an enum, its words
-- are translated. They are never compared with a number: the server would read that as a position in the enum.
-- Difference from upstream: all runs are returned, not only the first thousand.
CREATE PROCEDURE retrieve_processing_programs_for_job_id_v2 (
  IN p_id int unsigned,
  IN p_authLogin TYPE OF Person.login
)
  READS SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Returns the program runs of a job, to people of its session if a login is given'
BEGIN
  IF p_id IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'p_id is NULL: which processing job?';
  END IF;

  SELECT
    program.autoProcProgramId AS id,
    program.processingCommandLine AS commandLine,
    program.processingPrograms AS programs,
    -- #if AutoProcProgram.processingStatus is enum
    CASE
      WHEN program.processingStatus IN ('SUCCESS', '1') THEN 1
      WHEN program.processingStatus IN ('FAILED', '0') THEN 0
    END AS status,
    -- #else
    program.processingStatus AS status,
    -- #end
    program.processingMessage AS message,
    program.processingStartTime AS startTime,
    program.processingEndTime AS endTime,
    program.processingEnvironment AS environment,
    program.recordTimeStamp AS recordTimeStamp,
    program.processingJobId AS jobId
  FROM AutoProcProgram AS program
  WHERE program.processingJobId = p_id
    AND (p_authLogin IS NULL OR EXISTS (
      SELECT 1
      FROM ProcessingJob AS job
        JOIN DataCollection AS collection ON collection.dataCollectionId = job.dataCollectionId
        JOIN DataCollectionGroup AS grouped ON grouped.dataCollectionGroupId = collection.dataCollectionGroupId
        JOIN Session_has_Person AS member ON member.sessionId = grouped.sessionId
        JOIN Person AS person ON person.personId = member.personId
      WHERE job.processingJobId = p_id AND person.login = p_authLogin
    ))
  ORDER BY program.autoProcProgramId;
END;
