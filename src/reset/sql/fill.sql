-- Empties each table in `work` that has transactions, or each that has none, and fills it with its pristine rows.
CREATE PROCEDURE ispyb_sandbox.fill (IN p_name varchar(64), IN p_transactional bool)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_table varchar(64);
  DECLARE v_has_rows bool;
  DECLARE v_insert longtext;
  DECLARE v_more int DEFAULT 1;
  DECLARE v_touched CURSOR FOR
    SELECT o.name, o.insert_sql IS NOT NULL
    FROM ispyb_sandbox.work w
    JOIN ispyb_sandbox.object o ON o.db = w.db AND o.kind = 'table' AND o.name = w.name
    WHERE w.db = p_name AND o.transactional = p_transactional
    ORDER BY o.position;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_more = 0;

  OPEN v_touched;
  each_one: LOOP
    FETCH v_touched INTO v_table, v_has_rows;
    IF v_more = 0 THEN LEAVE each_one; END IF;
    CALL ispyb_sandbox.execute_statement(CONCAT('DELETE FROM ', {{table}}));
    IF v_has_rows THEN
      SELECT insert_sql INTO v_insert
        FROM ispyb_sandbox.object WHERE db = p_name AND kind = 'table' AND name = v_table;
      CALL ispyb_sandbox.execute_statement(v_insert);
    END IF;
  END LOOP;
  CLOSE v_touched;
END;
