-- The image sweeps of a processing job, whoever asks: the name that older clients know. What it does stands in
-- retrieve_processing_job_image_sweeps_v2.
CREATE PROCEDURE retrieve_processing_job_image_sweeps (
  IN p_id int unsigned
)
  READS SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'As retrieve_processing_job_image_sweeps_v2 without a login'
BEGIN
  CALL retrieve_processing_job_image_sweeps_v2(p_id, NULL);
END;
