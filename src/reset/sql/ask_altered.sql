-- Sets @ispyb_sandbox_altered: when this table was altered last. Both names are literals, because servers read the view
-- for one table only if they are: it takes a tenth of the time.
CREATE PROCEDURE ispyb_sandbox.ask_altered (IN p_name varchar(64), IN p_table varchar(64))
  READS SQL DATA
  SQL SECURITY DEFINER
BEGIN
  CALL ispyb_sandbox.execute_statement(CONCAT('SELECT CREATE_TIME INTO @ispyb_sandbox_altered ',
    'FROM information_schema.TABLES WHERE TABLE_SCHEMA = ', QUOTE(p_name), ' AND TABLE_NAME = ', QUOTE(p_table)));
END;
