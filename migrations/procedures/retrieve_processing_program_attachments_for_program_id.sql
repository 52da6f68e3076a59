-- Returns the files of a program run, without a login: every row is visible. Older clients call this name.
-- See retrieve_processing_program_attachments_for_program_id_v2 for what it does.
CREATE PROCEDURE retrieve_processing_program_attachments_for_program_id (
  IN p_id int unsigned
)
  READS SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'As retrieve_processing_program_attachments_for_program_id_v2 without a login'
BEGIN
  CALL retrieve_processing_program_attachments_for_program_id_v2(p_id, NULL);
END;
