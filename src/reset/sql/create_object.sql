-- Makes a view, procedure, trigger or event under the settings that it keeps. Those of the reset come back afterwards.
CREATE PROCEDURE ispyb_sandbox.create_object (IN p_session text, IN p_create longtext)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_mode varchar(2000) DEFAULT @@SESSION.sql_mode;
  IF p_session IS NOT NULL THEN
    CALL ispyb_sandbox.execute_statement(p_session);
  END IF;
  CALL ispyb_sandbox.execute_statement(p_create);
  IF p_session IS NOT NULL THEN
    SET SESSION sql_mode = v_mode;
    SET SESSION character_set_client = utf8mb4, collation_connection = utf8mb4_unicode_ci, time_zone = '+00:00';
  END IF;
END;
