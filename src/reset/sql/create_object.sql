-- Makes a view, procedure, trigger or event under the settings that it keeps. Both statements are executed here and not
-- in a procedure of their own, at whose end the server would take the settings back.
CREATE PROCEDURE ispyb_sandbox.create_object (IN p_session text, IN p_create longtext)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_mode varchar(2000) DEFAULT @@SESSION.sql_mode;
  SET @ispyb_sandbox_sql = IFNULL(p_session, 'DO 0');
  PREPARE ispyb_sandbox_statement FROM @ispyb_sandbox_sql;
  EXECUTE ispyb_sandbox_statement;
  SET @ispyb_sandbox_sql = p_create;
  PREPARE ispyb_sandbox_statement FROM @ispyb_sandbox_sql;
  EXECUTE ispyb_sandbox_statement;
  DEALLOCATE PREPARE ispyb_sandbox_statement;
  SET SESSION sql_mode = v_mode;
  SET SESSION character_set_client = utf8mb4, collation_connection = utf8mb4_unicode_ci, time_zone = '+00:00';
END;
