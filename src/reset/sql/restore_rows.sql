-- Rows and AUTO_INCREMENT of the tables in `work`. Rows of all of them go and come back in one transaction. A table
-- with many rows is truncated before it, because DELETE would take longer. `p_recorded`: all changes that the server
-- counted meanwhile are written down. What was only measured may be less than it counted.
--
-- Cursors hold names only, here and in what is called: with the text of statements some servers keep their rows in a
-- file, and making that takes as long as the DELETE of a table.
CREATE PROCEDURE ispyb_sandbox.restore_rows (IN p_name varchar(64), OUT p_recorded bool)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_table, v_first varchar(64);
  DECLARE v_next bigint unsigned;
  DECLARE v_fires, v_left bool;
  DECLARE v_own, v_locked, v_changes int DEFAULT 0;
  DECLARE v_more int DEFAULT 1;
  DECLARE v_large CURSOR FOR
    SELECT name FROM ispyb_sandbox.work WHERE db = p_name AND row_count > 5000;
  DECLARE v_moved CURSOR FOR
    SELECT o.name, o.next_id, o.own_changes
    FROM ispyb_sandbox.work w
    JOIN ispyb_sandbox.object o ON o.db = w.db AND o.kind = 'table' AND o.name = w.name
    WHERE w.db = p_name AND w.moves_id AND o.next_id IS NOT NULL
    ORDER BY o.position;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_more = 0;

  SET v_fires = EXISTS (
    SELECT 1
    FROM ispyb_sandbox.work w
    JOIN ispyb_sandbox.object o ON o.db = w.db AND o.kind = 'trigger' AND o.fires_on = w.name
    WHERE w.db = p_name
  );
  SET p_recorded = {{changesOfStatement}} IS NOT NULL AND NOT v_fires;
  UPDATE ispyb_sandbox.baseline b
    JOIN ispyb_sandbox.work w ON w.db = b.db AND w.name = b.name
    SET b.table_id = NULL
    WHERE w.db = p_name;

  OPEN v_large;
  clear: LOOP
    FETCH v_large INTO v_table;
    IF v_more = 0 THEN LEAVE clear; END IF;
    SET v_changes = 0;
    CALL ispyb_sandbox.begin_change(v_locked);
    CALL ispyb_sandbox.execute_change(p_name, CONCAT('TRUNCATE TABLE ', {{table}}), {{changesOfStatement}}, v_changes);
    CALL ispyb_sandbox.end_change(v_locked, v_changes);
    SET p_recorded = p_recorded AND v_locked = 1 AND v_changes IS NOT NULL;
    UPDATE ispyb_sandbox.work SET moves_id = TRUE, is_truncated = TRUE WHERE db = p_name AND name = v_table;
  END LOOP;
  CLOSE v_large;

  IF v_fires THEN
    CALL ispyb_sandbox.replace_triggers(p_name, TRUE);
    CALL ispyb_sandbox.ask_triggers(p_name, v_left);
    IF v_left THEN
      UPDATE ispyb_sandbox.work w
        JOIN ispyb_sandbox.loses_triggers l USING (db, name)
        SET w.moves_id = TRUE
        WHERE w.db = p_name;
      DELETE FROM ispyb_sandbox.seen_changes WHERE db = p_name;
      CALL ispyb_sandbox.restore_definitions(p_name);
      CALL ispyb_sandbox.replace_triggers(p_name, TRUE);
      CALL ispyb_sandbox.ask_triggers(p_name, v_left);
      IF v_left THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not reset: a trigger cannot be dropped. Drop its table, and retry';
      END IF;
    END IF;
  END IF;
  -- First tables without transactions: some servers refuse to change them within one.
  CALL ispyb_sandbox.fill(p_name, FALSE);
  START TRANSACTION READ WRITE;
  CALL ispyb_sandbox.fill(p_name, TRUE);
  COMMIT;
  IF v_fires THEN
    CALL ispyb_sandbox.replace_triggers(p_name, FALSE);
  END IF;

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
  IF EXISTS (SELECT 1 FROM ispyb_sandbox.work WHERE db = p_name AND moves_id) THEN
    SET v_more = 1, v_changes = 0;
    CALL ispyb_sandbox.begin_change(v_locked);
    OPEN v_moved;
    counters: LOOP
      FETCH v_moved INTO v_table, v_next, v_own;
      IF v_more = 0 THEN LEAVE counters; END IF;
      SET v_first = IFNULL(v_first, v_table);
      CALL ispyb_sandbox.execute_change(p_name, CONCAT('ALTER TABLE ', {{table}}, ' AUTO_INCREMENT = ', v_next), v_own, v_changes);
    END LOOP;
    CLOSE v_moved;
    CALL ispyb_sandbox.end_change(v_locked, v_changes);
    SET p_recorded = p_recorded AND v_locked = 1 AND v_changes IS NOT NULL;
    IF EXISTS (SELECT 1 FROM ispyb_sandbox.work WHERE db = p_name AND is_truncated) THEN
      CALL ispyb_sandbox.look(p_name);
      CALL ispyb_sandbox.look_at_definitions(p_name);
      CALL ispyb_sandbox.remember(p_name);
    ELSE
      CALL ispyb_sandbox.remember_altered(p_name, v_first, v_table);
    END IF;
  END IF;
END;
