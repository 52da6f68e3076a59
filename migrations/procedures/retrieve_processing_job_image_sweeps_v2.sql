-- Returns the image sweeps of a processing job, in the order in which they were added. ispyb-api calls it in
-- retrieve_job_image_sweeps.
--
-- With a login, it returns rows only to a person in the session of the job's own data collection. With NULL, it
-- returns them for every job.
-- Differences from upstream: a login works, and all sweeps are returned, not only the first thousand.
CREATE PROCEDURE retrieve_processing_job_image_sweeps_v2 (
  IN p_id int unsigned,
  IN p_authLogin TYPE OF Person.login
)
  READS SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Returns the image sweeps of a job, to people of its session if a login is given'
BEGIN
  IF p_id IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'p_id is NULL: which processing job?';
  END IF;

  SELECT
    sweep.processingJobImageSweepId AS sweepId,
    sweep.dataCollectionId AS dataCollectionId,
    sweep.startImage AS startImage,
    sweep.endImage AS endImage
  FROM ProcessingJobImageSweep AS sweep
  WHERE sweep.processingJobId = p_id
    AND (p_authLogin IS NULL OR EXISTS (
      SELECT 1
      FROM ProcessingJob AS job
        JOIN DataCollection AS collection ON collection.dataCollectionId = job.dataCollectionId
        JOIN DataCollectionGroup AS grouped ON grouped.dataCollectionGroupId = collection.dataCollectionGroupId
        JOIN Session_has_Person AS member ON member.sessionId = grouped.sessionId
        JOIN Person AS person ON person.personId = member.personId
      WHERE job.processingJobId = p_id AND person.login = p_authLogin
    ))
  ORDER BY sweep.processingJobImageSweepId;
END;
