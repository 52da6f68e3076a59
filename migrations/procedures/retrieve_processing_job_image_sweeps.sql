-- Returns the image sweeps of a processing job, without a login: every row is visible. Older clients call this name.
-- See retrieve_processing_job_image_sweeps_v2 for what it does.
CREATE PROCEDURE retrieve_processing_job_image_sweeps (
  IN p_id int unsigned
)
  READS SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'As retrieve_processing_job_image_sweeps_v2 without a login'
BEGIN
  CALL retrieve_processing_job_image_sweeps_v2(p_id, NULL);
END;
