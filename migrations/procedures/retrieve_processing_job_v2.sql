-- Returns one processing job. ispyb-api calls it in retrieve_job.
--
-- With a login, it returns the job only to a person in the session of the job's data collection. With NULL, it
-- returns any job. No row means that the job does not exist or that this person may not see it: clients rely on
-- the two cases looking the same.
CREATE PROCEDURE retrieve_processing_job_v2 (
  IN p_id int unsigned,
  IN p_authLogin TYPE OF Person.login
)
  READS SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Returns the processing job with this id, to people of its session if a login is given'
BEGIN
  IF p_id IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'p_id is NULL: which processing job?';
  END IF;

  SELECT
    job.dataCollectionId AS dataCollectionId,
    job.displayName AS displayName,
    job.comments AS comments,
    job.recordTimestamp AS recordTimestamp,
    job.recipe AS recipe,
    job.automatic AS automatic
  FROM ProcessingJob AS job
  WHERE job.processingJobId = p_id
    AND (p_authLogin IS NULL OR EXISTS (
      SELECT 1
      FROM DataCollection AS collection
        JOIN DataCollectionGroup AS grouped ON grouped.dataCollectionGroupId = collection.dataCollectionGroupId
        JOIN Session_has_Person AS member ON member.sessionId = grouped.sessionId
        JOIN Person AS person ON person.personId = member.personId
      WHERE collection.dataCollectionId = job.dataCollectionId AND person.login = p_authLogin
    ));
END;
