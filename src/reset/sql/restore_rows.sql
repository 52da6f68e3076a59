-- Rows and AUTO_INCREMENT of the tables in `work`. Rows of all of them go and come back in one transaction. A table
-- with many rows is truncated before it, because DELETE would take longer.
CREATE PROCEDURE ispyb_sandbox.restore_rows (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_table varchar(64);
  DECLARE v_shadow, v_truncate, v_count, v_asked text;
  DECLARE v_rows bigint;
  DECLARE v_own, v_locked, v_changes int DEFAULT 0;
  DECLARE v_more int DEFAULT 1;
  DECLARE v_touched CURSOR FOR
    SELECT o.name, o.shadow_sql, o.truncate_sql, w.row_count
    FROM ispyb_sandbox.work w
    JOIN ispyb_sandbox.object o ON o.db = w.db AND o.kind = 'table' AND o.name = w.name
    WHERE w.db = p_name
    ORDER BY o.position;
  DECLARE v_moved CURSOR FOR
    SELECT o.name, o.next_id_sql, o.altered_sql, o.own_changes
    FROM ispyb_sandbox.work w
    JOIN ispyb_sandbox.object o ON o.db = w.db AND o.kind = 'table' AND o.name = w.name
    WHERE w.db = p_name AND w.moves_id AND o.next_id_sql IS NOT NULL
    ORDER BY o.position;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_more = 0;

  DELETE b FROM ispyb_sandbox.baseline b
    JOIN ispyb_sandbox.work w ON w.db = b.db AND w.name = b.name
    WHERE w.db = p_name;

  -- A temporary table of the same name would be filled in place of the real one.
  OPEN v_touched;
  clear: LOOP
    FETCH v_touched INTO v_table, v_shadow, v_truncate, v_rows;
    IF v_more = 0 THEN LEAVE clear; END IF;
    CALL ispyb_sandbox.execute_statement(v_shadow);
    IF v_rows > 5000 THEN
      SET v_changes = 0;
      CALL ispyb_sandbox.begin_change(v_locked);
      CALL ispyb_sandbox.execute_change(p_name, v_truncate, {{changesOfStatement}}, v_changes);
      CALL ispyb_sandbox.end_change(v_locked, v_changes);
      UPDATE ispyb_sandbox.work SET moves_id = TRUE, is_truncated = TRUE WHERE db = p_name AND name = v_table;
    END IF;
  END LOOP;
  CLOSE v_touched;

  CALL ispyb_sandbox.replace_triggers(p_name, TRUE);
  -- First tables without transactions: some servers refuse to change them within one.
  CALL ispyb_sandbox.fill(p_name, FALSE);
  START TRANSACTION READ WRITE;
  CALL ispyb_sandbox.fill(p_name, TRUE);
  COMMIT;
  CALL ispyb_sandbox.replace_triggers(p_name, FALSE);

  -- After a restart some servers tell too low an AUTO_INCREMENT until a table is opened; now all of them are.
  IF NOT EXISTS (SELECT 1 FROM ispyb_sandbox.seen_changes WHERE db = p_name) THEN
    CALL ispyb_sandbox.look(p_name);
    UPDATE ispyb_sandbox.work w
      JOIN ispyb_sandbox.object o ON o.db = w.db AND o.kind = 'table' AND o.name = w.name
      JOIN ispyb_sandbox.seen s ON s.db = o.db AND s.file_name = o.file_name
      SET w.moves_id = TRUE
      WHERE w.db = p_name AND o.next_id IS NOT NULL AND NOT s.next_id <=> o.next_id;
  END IF;

  -- ALTER TABLE is what a reset spends most of its time on, so only counters that moved are set back.
  SET v_more = 1, v_changes = 0, v_locked = 0;
  IF EXISTS (SELECT 1 FROM ispyb_sandbox.work WHERE db = p_name AND moves_id) THEN
    CALL ispyb_sandbox.begin_change(v_locked);
  END IF;
  OPEN v_moved;
  counters: LOOP
    FETCH v_moved INTO v_table, v_count, v_asked, v_own;
    IF v_more = 0 THEN LEAVE counters; END IF;
    CALL ispyb_sandbox.execute_change(p_name, v_count, v_own, v_changes);
    CALL ispyb_sandbox.execute_statement(v_asked);
    UPDATE ispyb_sandbox.work SET altered = @ispyb_sandbox_altered WHERE db = p_name AND name = v_table;
  END LOOP;
  CLOSE v_moved;
  CALL ispyb_sandbox.end_change(v_locked, v_changes);
  IF EXISTS (SELECT 1 FROM ispyb_sandbox.work WHERE db = p_name AND is_truncated) THEN
    CALL ispyb_sandbox.look(p_name);
    CALL ispyb_sandbox.look_at_definitions(p_name);
    CALL ispyb_sandbox.remember(p_name);
  ELSEIF EXISTS (SELECT 1 FROM ispyb_sandbox.work WHERE db = p_name AND altered IS NOT NULL) THEN
    UPDATE ispyb_sandbox.object o JOIN ispyb_sandbox.work w ON w.db = o.db AND w.name = o.name
      SET o.created = w.altered
      WHERE o.db = p_name AND o.kind = 'table' AND w.altered IS NOT NULL;
  END IF;
END;
