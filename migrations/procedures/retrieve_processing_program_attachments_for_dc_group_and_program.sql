-- Returns the files of a program's runs on a data collection group, without a login: every row is visible.
-- Older clients call this name.
-- See retrieve_processing_program_attachments_for_dc_group_program_v2 for what it does.
CREATE PROCEDURE retrieve_processing_program_attachments_for_dc_group_and_program (
  IN p_id int unsigned,
  IN p_program TYPE OF AutoProcProgram.processingPrograms
)
  READS SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'As retrieve_processing_program_attachments_for_dc_group_program_v2 without a login'
BEGIN
  CALL retrieve_processing_program_attachments_for_dc_group_program_v2(p_id, p_program, NULL);
END;
