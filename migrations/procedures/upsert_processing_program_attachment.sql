-- Inserts a file of a program run or updates one, without its rank. Older clients call this name.
-- See upsert_processing_program_attachment_v2 for what it does.
CREATE PROCEDURE upsert_processing_program_attachment (
  INOUT p_id int unsigned,
  IN p_parentid int unsigned,
  IN p_name TYPE OF AutoProcProgramAttachment.fileName,
  IN p_path TYPE OF AutoProcProgramAttachment.filePath,
  IN p_type TYPE OF AutoProcProgramAttachment.fileType
)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'As upsert_processing_program_attachment_v2 without a rank'
BEGIN
  CALL upsert_processing_program_attachment_v2(p_id, p_parentid, p_name, p_path, p_type, NULL);
END;
