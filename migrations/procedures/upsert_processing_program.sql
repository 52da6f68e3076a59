-- Inserts a program run or updates one, without its pipeline. ispyb-api calls this name up to 10.2.4.
-- See upsert_processing_program_v2 for what it does.
CREATE PROCEDURE upsert_processing_program (
  INOUT p_id int unsigned,
  IN p_commandLine TYPE OF AutoProcProgram.processingCommandLine,
  IN p_programs TYPE OF AutoProcProgram.processingPrograms,
  IN p_status int,
  IN p_updateMessage TYPE OF AutoProcProgram.processingMessage,
  IN p_startTimestamp datetime,
  IN p_updateTimestamp datetime,
  IN p_environment TYPE OF AutoProcProgram.processingEnvironment,
  IN p_processingJobId int unsigned,
  IN p_recordTimestamp datetime
)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'As upsert_processing_program_v2 without a pipeline'
BEGIN
  CALL upsert_processing_program_v2(
    p_id, p_commandLine, p_programs, p_status, p_updateMessage, p_startTimestamp, p_updateTimestamp,
    p_environment, p_processingJobId, NULL, p_recordTimestamp
  );
END;
