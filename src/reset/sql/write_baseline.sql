-- The end of a reset: what the server says of the tables in `work` now is what the next reset compares with.
CREATE PROCEDURE ispyb_sandbox.write_baseline (IN p_name varchar(64), IN p_same_definitions bool)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_changes varchar(100);
  CALL ispyb_sandbox.look(p_name);
  INSERT INTO ispyb_sandbox.baseline (db, name, table_id, counter, next_id, initialized, taken)
    SELECT p_name, o.name, s.table_id, s.counter, s.next_id, s.initialized, SYSDATE()
    FROM ispyb_sandbox.work w
    JOIN ispyb_sandbox.object o ON o.db = w.db AND o.kind = 'table' AND o.name = w.name
    JOIN ispyb_sandbox.seen s ON s.db = w.db AND s.file_name = o.file_name
    WHERE w.db = p_name;
  CALL ispyb_sandbox.read_changes(TRUE, v_changes);
  IF v_changes IS NULL THEN
    DELETE FROM ispyb_sandbox.seen_changes WHERE db = p_name;
  ELSEIF p_same_definitions THEN
    UPDATE ispyb_sandbox.seen_changes SET changes = v_changes, forgotten = {{forgottenChanges}} WHERE db = p_name;
  ELSEIF (SELECT COUNT(*) FROM information_schema.{{tableStatistics}}) < LEAST(@@table_definition_cache, @@table_open_cache) THEN
    -- With more tables than its cache holds, the server forgets numbers of those that it has put aside.
    INSERT INTO ispyb_sandbox.seen_changes (db, changes, forgotten) SELECT p_name, v_changes, {{forgottenChanges}};
  END IF;
END;
