-- The files of a program run, whoever asks: the name that older clients know. What it does stands in
-- retrieve_processing_program_attachments_for_program_id_v2.
CREATE PROCEDURE retrieve_processing_program_attachments_for_program_id (
  IN p_id int unsigned
)
  READS SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'As retrieve_processing_program_attachments_for_program_id_v2 without a login'
BEGIN
  CALL retrieve_processing_program_attachments_for_program_id_v2(p_id, NULL);
END;
