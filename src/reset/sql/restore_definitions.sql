-- Puts back every object that is missing, altered or new. A table counts as altered if its definition, its id, an id of
-- an index or the time of its last ALTER is another than was remembered, or not known, or if a killed reset was replacing
-- its triggers: it is dropped and made again.
--
-- A server that refuses a statement in PREPARE (procedures and triggers on some) gets an error that names the object and
-- the command that puts it back.
CREATE PROCEDURE ispyb_sandbox.restore_definitions (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_kind, v_object varchar(64);
  DECLARE v_drop, v_session, v_create longtext;
  DECLARE v_rebuilt, v_locked int DEFAULT 0;
  -- How far the statements below move what the server counts; NULL stays NULL.
  DECLARE v_changes int DEFAULT {{changesOfStatement}} - {{changesOfStatement}};
  DECLARE v_more int DEFAULT 1;
  DECLARE v_new CURSOR FOR
    SELECT s.kind, s.name FROM ispyb_sandbox.seen_object s
    LEFT JOIN ispyb_sandbox.object o USING (db, kind, name)
    WHERE s.db = p_name AND o.name IS NULL
    ORDER BY FIELD(s.kind, 'table', 'view', 'function', 'procedure', 'event', 'trigger') DESC;
  DECLARE v_tables CURSOR FOR
    SELECT o.kind, o.name, o.drop_sql, o.create_sql FROM ispyb_sandbox.object o
    LEFT JOIN ispyb_sandbox.seen_object so ON so.db = o.db AND so.kind = 'table' AND so.name = o.name
    LEFT JOIN ispyb_sandbox.seen s ON s.db = o.db AND s.file_name = o.file_name
    WHERE o.db = p_name AND o.kind = 'table'
      AND (so.hash = o.hash AND so.created = o.created AND so.indexes <=> o.indexes AND s.table_id <=> o.table_id
        AND (o.table_id IS NOT NULL OR so.created < o.remembered)
        AND NOT EXISTS (SELECT 1 FROM ispyb_sandbox.loses_triggers l WHERE l.db = o.db AND l.name = o.name)) IS NOT TRUE
    ORDER BY o.position;
  DECLARE v_others CURSOR FOR
    SELECT o.kind, o.name, o.drop_sql, o.session_sql, o.create_sql FROM ispyb_sandbox.object o
    LEFT JOIN ispyb_sandbox.seen_object s USING (db, kind, name)
    WHERE o.db = p_name AND o.kind <> 'table' AND (s.name IS NULL OR NOT s.hash <=> o.hash)
    ORDER BY o.position;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_more = 0;

  INSERT INTO ispyb_sandbox.slow_path (db, definitions) VALUES (p_name, 1)
    ON DUPLICATE KEY UPDATE definitions = definitions + 1;
  CALL ispyb_sandbox.look_at_definitions(p_name);
  IF v_changes IS NOT NULL THEN
    CALL ispyb_sandbox.begin_change(v_locked);
  END IF;
  OPEN v_new;
  new_ones: LOOP
    FETCH v_new INTO v_kind, v_object;
    IF v_more = 0 THEN LEAVE new_ones; END IF;
    CALL ispyb_sandbox.require_preparable(p_name, v_kind, v_object);
    CALL ispyb_sandbox.execute_change(p_name, CONCAT('DROP ', v_kind, ' IF EXISTS `', REPLACE(p_name, '`', '``'), '`.`',
      REPLACE(v_object, '`', '``'), '`'), {{changesOfStatement}}, v_changes);
  END LOOP;
  CLOSE v_new;

  -- First all of them go: constraints have names that are unique in the database, and may be on each other's table.
  SET v_more = 1;
  OPEN v_tables;
  old_ones: LOOP
    FETCH v_tables INTO v_kind, v_object, v_drop, v_create;
    IF v_more = 0 THEN LEAVE old_ones; END IF;
    DELETE FROM ispyb_sandbox.baseline WHERE db = p_name AND name = v_object;
    CALL ispyb_sandbox.execute_change(p_name, v_drop, {{changesOfStatement}}, v_changes);
    SET v_rebuilt = v_rebuilt + 1;
  END LOOP;
  CLOSE v_tables;
  SET v_more = 1;
  OPEN v_tables;
  tables: LOOP
    FETCH v_tables INTO v_kind, v_object, v_drop, v_create;
    IF v_more = 0 THEN LEAVE tables; END IF;
    CALL ispyb_sandbox.execute_change(p_name, v_create, {{changesOfStatement}}, v_changes);
  END LOOP;
  CLOSE v_tables;

  -- A table that was made again has lost its triggers, and has new ids.
  IF v_rebuilt > 0 THEN
    CALL ispyb_sandbox.look(p_name);
    CALL ispyb_sandbox.look_at_definitions(p_name);
    CALL ispyb_sandbox.remember(p_name);
  END IF;
  INSERT IGNORE INTO ispyb_sandbox.loses_triggers (db, name)
    SELECT o.db, o.fires_on FROM ispyb_sandbox.object o
    LEFT JOIN ispyb_sandbox.seen_object s USING (db, kind, name)
    WHERE o.db = p_name AND o.fires_on IS NOT NULL AND (s.name IS NULL OR NOT s.hash <=> o.hash);
  SET v_more = 1;
  OPEN v_others;
  remaining: LOOP
    FETCH v_others INTO v_kind, v_object, v_drop, v_session, v_create;
    IF v_more = 0 THEN LEAVE remaining; END IF;
    CALL ispyb_sandbox.require_preparable(p_name, v_kind, v_object);
    IF v_drop IS NOT NULL THEN
      CALL ispyb_sandbox.execute_change(p_name, v_drop, {{changesOfStatement}}, v_changes);
    END IF;
    CALL ispyb_sandbox.create_object(v_session, v_create);
    SET v_changes = v_changes + {{changesOfStatement}};
    -- Where a view's algorithm cannot be read, only the time tells: what was made just now is made again next time.
    UPDATE ispyb_sandbox.object SET hash = NULL
      WHERE db = p_name AND kind = 'view' AND name = v_object AND NOT {{viewsTellAlgorithm}};
  END LOOP;
  CLOSE v_others;
  DELETE FROM ispyb_sandbox.loses_triggers WHERE db = p_name;
  CALL ispyb_sandbox.end_change(v_locked, v_changes);
END;
