-- The work of a reset, in five parts: what changed, definitions, rows, counters, and the new baseline.
--
-- The baseline is what the server said of each table right after the last reset. It is in memory: a restart forgets
-- it, and everything is restored then. The baseline of a table is NULL while the table is changed: a reset that was
-- killed is done again by the next. Where `seen_changes` has a row, the baseline has one for each table.
CREATE PROCEDURE ispyb_sandbox.restore_database (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_changes, v_seen_changes varchar(100);
  DECLARE v_counts bool DEFAULT FALSE;
  DECLARE v_same_definitions bool DEFAULT FALSE;
  DECLARE v_same_cache bool DEFAULT FALSE;
  DECLARE v_touched, v_recorded bool;

  CALL ispyb_sandbox.look(p_name);
  SELECT changes, forgotten = {{forgottenChanges}} INTO v_seen_changes, v_same_cache
    FROM ispyb_sandbox.seen_changes WHERE db = p_name;
  SET v_counts = v_seen_changes IS NOT NULL
    AND @@innodb_stats_persistent AND NOT @@innodb_stats_auto_recalc AND NOT @@innodb_stats_on_metadata;
  IF v_counts THEN
    CALL ispyb_sandbox.read_changes(FALSE, v_changes);
    -- What another reset is doing just now looks like a change; while it does nothing, the answer is exact.
    IF v_changes <> v_seen_changes THEN
      CALL ispyb_sandbox.read_changes(TRUE, v_changes);
    END IF;
    SET v_same_definitions = v_changes <=> v_seen_changes;
  END IF;

  IF NOT v_same_definitions THEN
    DELETE FROM ispyb_sandbox.seen_changes WHERE db = p_name;
    CALL ispyb_sandbox.restore_definitions(p_name);
    CALL ispyb_sandbox.look(p_name);
  ELSEIF NOT v_same_cache THEN
    INSERT INTO ispyb_sandbox.slow_path (db, tables) VALUES (p_name, 1) ON DUPLICATE KEY UPDATE tables = tables + 1;
    CALL ispyb_sandbox.look_at_updates(p_name);
  END IF;

  -- Touched is a table with other numbers than in the baseline. Where an ANALYZE may have set them to zero, the time of
  -- the last change counts too, to the second; and where they mean nothing, every table is touched.
  DELETE FROM ispyb_sandbox.work WHERE db = p_name;
  IF v_same_definitions AND v_same_cache THEN
    INSERT INTO ispyb_sandbox.work (db, name, row_count, moves_id)
      SELECT b.db, b.name, s.row_count, b.pristine_id IS NOT NULL AND NOT s.next_id <=> b.pristine_id
      FROM ispyb_sandbox.baseline b
      LEFT JOIN ispyb_sandbox.seen s ON s.db = b.db AND s.file_name = b.file_name
      WHERE b.db = p_name
        AND (s.table_id = b.table_id AND s.counter = b.counter AND s.next_id = b.next_id
          AND s.initialized = b.initialized) IS NOT TRUE;
  ELSE
    INSERT INTO ispyb_sandbox.work (db, name, row_count, moves_id)
      SELECT p_name, o.name, s.row_count, o.next_id IS NOT NULL AND IFNULL(so.next_id, 1) <> o.next_id
      FROM ispyb_sandbox.object o
      LEFT JOIN ispyb_sandbox.seen s ON s.db = o.db AND s.file_name = o.file_name
      LEFT JOIN ispyb_sandbox.seen_object so ON so.db = o.db AND so.kind = 'table' AND so.name = o.name
      LEFT JOIN ispyb_sandbox.baseline b ON b.db = o.db AND b.name = o.name
      WHERE o.db = p_name AND o.kind = 'table'
        AND (v_counts AND s.table_id = b.table_id AND s.counter = b.counter AND s.next_id = b.next_id
          AND s.initialized = b.initialized AND IFNULL(so.updated < b.taken, TRUE)) IS NOT TRUE;
  END IF;

  SET v_touched = EXISTS (SELECT 1 FROM ispyb_sandbox.work WHERE db = p_name);
  IF v_touched THEN
    CALL ispyb_sandbox.uncover(p_name);
    CALL ispyb_sandbox.spare_empty(p_name);
    SET v_touched = EXISTS (SELECT 1 FROM ispyb_sandbox.work WHERE db = p_name);
  END IF;
  IF v_touched THEN
    CALL ispyb_sandbox.restore_rows(p_name, v_recorded);
    CALL ispyb_sandbox.write_baseline(p_name, v_same_definitions, v_recorded);
  ELSEIF NOT v_same_definitions OR NOT v_same_cache THEN
    CALL ispyb_sandbox.write_baseline(p_name, v_same_definitions, FALSE);
  END IF;
END;
