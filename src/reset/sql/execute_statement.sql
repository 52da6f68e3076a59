-- Executes one statement of `object`, which was written when the database was made.
CREATE PROCEDURE ispyb_sandbox.execute_statement (IN p_sql longtext)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  SET @ispyb_sandbox_sql = p_sql;
  PREPARE ispyb_sandbox_statement FROM @ispyb_sandbox_sql;
  EXECUTE ispyb_sandbox_statement;
  DEALLOCATE PREPARE ispyb_sandbox_statement;
END;
