-- CALL ispyb_sandbox.check('ispyb_1'): one row for each difference between this database and its state at creation, and
-- none if it is the same. Nothing is changed, and nothing here trusts what a reset remembers: definitions are read
-- again, and rows are compared with their copy by computed checksums.
--
-- It sees what the calling session sees: its transaction, and its temporary tables in place of those that they hide.
CREATE PROCEDURE ispyb_sandbox.check (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Lists how a test database differs from its state at creation'
BEGIN
  DECLARE v_name, v_object, v_lock varchar(64);
  DECLARE v_check longtext;
  DECLARE v_locked int DEFAULT 0;
  DECLARE v_more int DEFAULT 1;
  {{declareSettings}}
  DECLARE v_same CURSOR FOR
    SELECT o.name, o.check_sql
    FROM ispyb_sandbox.object o
    LEFT JOIN ispyb_sandbox.difference d USING (db, kind, name)
    WHERE o.db = v_name AND o.kind = 'table' AND d.name IS NULL
    ORDER BY o.position;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_more = 0;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    {{restoreSettings}}
    IF v_locked = 1 THEN
      SET v_locked = RELEASE_LOCK(v_lock);
    END IF;
    RESIGNAL;
  END;

  {{changeSettings}}
  CALL ispyb_sandbox.own_database(p_name, v_name);
  -- The lock of `reset`.
  SET v_lock = CONCAT('ispyb_sandbox ', LEFT(SHA2(v_name, 256), 40));
  SET v_locked = GET_LOCK(v_lock, 10);
  IF v_locked IS NULL OR v_locked = 0 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
      'not checked: another session has been resetting this database for 10 s. Retry when it has ended';
  END IF;
  CALL ispyb_sandbox.look_at_definitions(v_name);
  CALL ispyb_sandbox.look_at_details(v_name);
  DELETE FROM ispyb_sandbox.difference WHERE db = v_name;
  INSERT INTO ispyb_sandbox.difference (db, kind, name, what)
    SELECT o.db, o.kind, o.name, IF(s.name IS NULL, 'missing', 'different')
    FROM ispyb_sandbox.object o
    JOIN ispyb_sandbox.registered r ON r.name = o.db
    LEFT JOIN ispyb_sandbox.content_object c ON c.content = r.content AND c.kind = o.kind AND c.name = o.name
    LEFT JOIN ispyb_sandbox.seen_object s ON s.db = o.db AND s.kind = o.kind AND s.name = o.name
    WHERE o.db = v_name
      AND (s.name IS NULL OR NOT IF(o.kind IN ('table', 'view'), s.details <=> c.details, s.hash <=> o.hash));
  INSERT INTO ispyb_sandbox.difference (db, kind, name, what)
    SELECT s.db, s.kind, s.name, 'new'
    FROM ispyb_sandbox.seen_object s
    LEFT JOIN ispyb_sandbox.object o USING (db, kind, name)
    WHERE s.db = v_name AND o.name IS NULL;

  -- Every view was made by the account of this procedure; who else made one again has changed it.
  INSERT IGNORE INTO ispyb_sandbox.difference (db, kind, name, what)
    SELECT v_name, 'view', TABLE_NAME, 'different'
    FROM information_schema.VIEWS
    WHERE TABLE_SCHEMA = v_name AND DEFINER <> CURRENT_USER();

  -- Rows only of tables that are what they were: another definition says enough, and may have no such columns.
  SET v_more = 1;
  OPEN v_same;
  each_one: LOOP
    FETCH v_same INTO v_object, v_check;
    IF v_more = 0 THEN LEAVE each_one; END IF;
    CALL ispyb_sandbox.execute_statement(v_check);
    IF NOT @ispyb_sandbox_same <=> TRUE THEN
      INSERT INTO ispyb_sandbox.difference (db, kind, name, what) VALUES (v_name, 'rows', v_object, 'different');
    END IF;
  END LOOP;
  CLOSE v_same;
  INSERT INTO ispyb_sandbox.difference (db, kind, name, what)
    SELECT o.db, 'AUTO_INCREMENT', o.name, 'different'
    FROM ispyb_sandbox.object o
    JOIN ispyb_sandbox.seen_object s ON s.db = o.db AND s.kind = o.kind AND s.name = o.name
    LEFT JOIN ispyb_sandbox.difference d ON d.db = o.db AND d.kind IN ('table', 'rows') AND d.name = o.name
    WHERE o.db = v_name AND o.kind = 'table' AND o.next_id IS NOT NULL AND IFNULL(s.next_id, 1) <> o.next_id
      AND d.name IS NULL;

  SELECT kind, name, what FROM ispyb_sandbox.difference WHERE db = v_name ORDER BY kind, name;
  {{restoreSettings}}
  SET @ispyb_sandbox_sql = NULL, @ispyb_sandbox_same = NULL;
  SET v_locked = RELEASE_LOCK(v_lock);
END;
