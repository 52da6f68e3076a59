-- Takes tables out of `work` that InnoDB does not count, are empty, and were empty: that is the whole of their rows, and
-- AUTO_INCREMENT is asked for each. Other tables without transactions are always restored.
CREATE PROCEDURE ispyb_sandbox.spare_empty (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_table varchar(64);
  DECLARE v_peek text;
  DECLARE v_more int DEFAULT 1;
  DECLARE v_uncounted CURSOR FOR
    SELECT o.name
    FROM ispyb_sandbox.work w
    JOIN ispyb_sandbox.object o ON o.db = w.db AND o.kind = 'table' AND o.name = w.name
    WHERE w.db = p_name AND o.peek_sql IS NOT NULL;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_more = 0;

  OPEN v_uncounted;
  each_one: LOOP
    FETCH v_uncounted INTO v_table;
    IF v_more = 0 THEN LEAVE each_one; END IF;
    SELECT peek_sql INTO v_peek FROM ispyb_sandbox.object WHERE db = p_name AND kind = 'table' AND name = v_table;
    CALL ispyb_sandbox.execute_statement(v_peek);
    IF @ispyb_sandbox_same THEN
      DELETE FROM ispyb_sandbox.work WHERE db = p_name AND name = v_table;
    END IF;
  END LOOP;
  CLOSE v_uncounted;
END;
