-- Drops temporary tables of the session that have the name of a table in `work`: they would be emptied and filled in
-- place of the real one.
CREATE PROCEDURE ispyb_sandbox.uncover (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_table varchar(64);
  DECLARE v_tables longtext;
  DECLARE v_more int DEFAULT 1;
  DECLARE v_touched CURSOR FOR
    SELECT name FROM ispyb_sandbox.work WHERE db = p_name;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_more = 0;

  OPEN v_touched;
  each_one: LOOP
    FETCH v_touched INTO v_table;
    IF v_more = 0 THEN LEAVE each_one; END IF;
    SET v_tables = CONCAT_WS(', ', v_tables, {{table}});
  END LOOP;
  CLOSE v_touched;
  CALL ispyb_sandbox.execute_statement(CONCAT('DROP TEMPORARY TABLE IF EXISTS ', v_tables));
END;
