-- The work of a reset, in five parts: what changed, definitions, rows, counters, and the new baseline.
--
-- The baseline is what the server said of each table right after the last reset. It is in memory: a restart forgets
-- it, and everything is restored then. The baseline of a table goes before the table is changed, and comes back at
-- the end: a reset that was killed is done again by the next.
CREATE PROCEDURE ispyb_sandbox.restore_database (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_changes varchar(100);
  DECLARE v_same_definitions bool DEFAULT FALSE;

  CALL ispyb_sandbox.look(p_name);
  SET v_changes = {{schemaChanges}};
  SELECT b.changes = v_changes AND @@innodb_stats_persistent AND NOT @@innodb_stats_auto_recalc
    AND NOT @@innodb_stats_on_metadata INTO v_same_definitions
    FROM ispyb_sandbox.seen_changes b WHERE b.db = p_name;

  DELETE FROM ispyb_sandbox.work WHERE db = p_name;
  IF v_same_definitions THEN
    INSERT INTO ispyb_sandbox.work (db, name, row_count, moves_id, created)
      SELECT p_name, o.name, s.row_count, o.next_id IS NOT NULL AND NOT s.next_id <=> o.next_id, b.created
      FROM ispyb_sandbox.object o
      LEFT JOIN ispyb_sandbox.seen s ON s.db = o.db AND s.file_name = o.file_name
      LEFT JOIN ispyb_sandbox.baseline b ON b.db = o.db AND b.name = o.name
      WHERE o.db = p_name AND o.kind = 'table'
        AND (s.table_id = b.table_id AND s.counter = b.counter AND s.next_id = b.next_id
          AND s.initialized = b.initialized) IS NOT TRUE;
  ELSE
    DELETE FROM ispyb_sandbox.seen_changes WHERE db = p_name;
    CALL ispyb_sandbox.restore_definitions(p_name);
    CALL ispyb_sandbox.look(p_name);
    INSERT INTO ispyb_sandbox.work (db, name, row_count, moves_id, created)
      SELECT p_name, o.name, s.row_count, o.next_id IS NOT NULL AND IFNULL(so.next_id, 1) <> o.next_id, so.hash
      FROM ispyb_sandbox.object o
      LEFT JOIN ispyb_sandbox.seen s ON s.db = o.db AND s.file_name = o.file_name
      LEFT JOIN ispyb_sandbox.seen_object so ON so.db = o.db AND so.kind = 'table' AND so.name = o.name
      WHERE o.db = p_name AND o.kind = 'table';
  END IF;

  IF EXISTS (SELECT 1 FROM ispyb_sandbox.work WHERE db = p_name) THEN
    CALL ispyb_sandbox.restore_rows(p_name);
    CALL ispyb_sandbox.look(p_name);
    INSERT INTO ispyb_sandbox.baseline (db, name, table_id, counter, next_id, initialized, created, taken)
      SELECT p_name, o.name, s.table_id, s.counter, s.next_id, s.initialized, w.created, SYSDATE()
      FROM ispyb_sandbox.work w
      JOIN ispyb_sandbox.object o ON o.db = w.db AND o.kind = 'table' AND o.name = w.name
      JOIN ispyb_sandbox.seen s ON s.db = w.db AND s.file_name = o.file_name
      WHERE w.db = p_name;
  END IF;
  IF v_same_definitions THEN
    UPDATE ispyb_sandbox.seen_changes SET changes = {{schemaChanges}} WHERE db = p_name;
  ELSEIF (SELECT COUNT(*) FROM information_schema.{{tableStatistics}}) < LEAST(@@table_definition_cache, @@table_open_cache) THEN
    -- With more tables than its cache holds, the server forgets numbers of those that it has put aside.
    INSERT INTO ispyb_sandbox.seen_changes (db, changes) SELECT p_name, {{schemaChanges}};
  END IF;
END;
