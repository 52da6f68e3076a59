-- The end of a reset: what the server says of the tables in `work` now is what the next reset compares with. What it
-- counted of changes is still the same without those of resets, if all that this one changed is written down.
CREATE PROCEDURE ispyb_sandbox.write_baseline (
  IN p_name varchar(64), IN p_same_definitions bool, IN p_recorded bool
)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_changes varchar(100);
  CALL ispyb_sandbox.look(p_name);
  IF NOT p_same_definitions THEN
    INSERT IGNORE INTO ispyb_sandbox.baseline (db, name, file_name, pristine_id)
      SELECT db, name, file_name, next_id FROM ispyb_sandbox.object WHERE db = p_name AND kind = 'table';
  END IF;
  UPDATE ispyb_sandbox.baseline b
    JOIN ispyb_sandbox.work w ON w.db = b.db AND w.name = b.name
    JOIN ispyb_sandbox.seen s ON s.db = b.db AND s.file_name = b.file_name
    SET b.table_id = s.table_id, b.counter = s.counter, b.next_id = s.next_id, b.initialized = s.initialized,
      b.taken = SYSDATE()
    WHERE w.db = p_name;
  IF NOT p_same_definitions OR NOT p_recorded THEN
    CALL ispyb_sandbox.read_changes(TRUE, v_changes);
    IF v_changes IS NULL THEN
      DELETE FROM ispyb_sandbox.seen_changes WHERE db = p_name;
    ELSEIF p_same_definitions THEN
      UPDATE ispyb_sandbox.seen_changes SET changes = v_changes, forgotten = {{forgottenChanges}} WHERE db = p_name;
    ELSEIF (SELECT COUNT(*) FROM information_schema.{{tableStatistics}}) < LEAST(@@table_definition_cache, @@table_open_cache) THEN
      -- With more tables than its cache holds, the server forgets numbers of those that it has put aside.
      INSERT INTO ispyb_sandbox.seen_changes (db, changes, forgotten) SELECT p_name, v_changes, {{forgottenChanges}};
    END IF;
  END IF;
END;
