-- Drops the triggers that a restore of the tables in `work` would fire, or makes them again. All triggers on INSERT and
-- DELETE of a table go together and come back in their order.
--
-- A reset that is killed in between leaves a changed definition and rows in `loses_triggers`. The next one makes those
-- tables again (`ask_triggers` says why).
CREATE PROCEDURE ispyb_sandbox.replace_triggers (IN p_name varchar(64), IN p_is_drop bool)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_trigger varchar(64);
  DECLARE v_drop, v_session, v_create longtext;
  DECLARE v_more int DEFAULT 1;
  DECLARE v_firing CURSOR FOR
    SELECT o.name
    FROM ispyb_sandbox.work w
    JOIN ispyb_sandbox.object o ON o.db = w.db AND o.kind = 'trigger' AND o.fires_on = w.name
    WHERE w.db = p_name
    ORDER BY o.position;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_more = 0;

  IF p_is_drop THEN
    INSERT IGNORE INTO ispyb_sandbox.loses_triggers (db, name)
      SELECT DISTINCT w.db, w.name
      FROM ispyb_sandbox.work w
      JOIN ispyb_sandbox.object o ON o.db = w.db AND o.kind = 'trigger' AND o.fires_on = w.name
      WHERE w.db = p_name;
  END IF;
  OPEN v_firing;
  each_one: LOOP
    FETCH v_firing INTO v_trigger;
    IF v_more = 0 THEN LEAVE each_one; END IF;
    SELECT drop_sql, session_sql, create_sql INTO v_drop, v_session, v_create
      FROM ispyb_sandbox.object WHERE db = p_name AND kind = 'trigger' AND name = v_trigger;
    IF p_is_drop THEN
      CALL ispyb_sandbox.execute_statement(v_drop);
    ELSE
      CALL ispyb_sandbox.create_object(v_session, v_create);
    END IF;
  END LOOP;
  CLOSE v_firing;
  IF NOT p_is_drop THEN
    DELETE FROM ispyb_sandbox.loses_triggers WHERE db = p_name;
  END IF;
END;
