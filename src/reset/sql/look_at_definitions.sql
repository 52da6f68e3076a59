-- Reads what the server says of the objects of this database into `seen_object`: for tables when they were created
-- or altered last, for everything else a hash of the definition.
CREATE PROCEDURE ispyb_sandbox.look_at_definitions (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DELETE FROM ispyb_sandbox.seen_object WHERE db = p_name;
  INSERT INTO ispyb_sandbox.seen_object (db, kind, name, hash, next_id)
    SELECT p_name, IF(TABLE_TYPE = 'SEQUENCE', 'sequence', 'table'), TABLE_NAME, CREATE_TIME, AUTO_INCREMENT
    FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = p_name AND TABLE_TYPE <> 'VIEW';
  INSERT INTO ispyb_sandbox.seen_object (db, kind, name, hash)
    SELECT p_name, 'view', TABLE_NAME, SHA2(CONCAT_WS('|', VIEW_DEFINITION, CHECK_OPTION, DEFINER, SECURITY_TYPE,
      CHARACTER_SET_CLIENT, COLLATION_CONNECTION, {{viewChange}}), 256)
    FROM information_schema.VIEWS v
    WHERE TABLE_SCHEMA = p_name;
  INSERT INTO ispyb_sandbox.seen_object (db, kind, name, hash)
    SELECT p_name, LOWER(r.ROUTINE_TYPE), r.ROUTINE_NAME, SHA2(CONCAT_WS('|', r.ROUTINE_DEFINITION, r.DTD_IDENTIFIER,
      r.IS_DETERMINISTIC, r.SQL_DATA_ACCESS, r.SECURITY_TYPE, r.SQL_MODE, r.ROUTINE_COMMENT, r.DEFINER,
      r.CHARACTER_SET_CLIENT, r.COLLATION_CONNECTION, r.DATABASE_COLLATION, p.hash), 256)
    FROM information_schema.ROUTINES r
    LEFT JOIN (
      SELECT SPECIFIC_NAME, ROUTINE_TYPE, SUM(CRC32(CONCAT_WS('|', ORDINAL_POSITION, PARAMETER_MODE, PARAMETER_NAME,
        DTD_IDENTIFIER, CHARACTER_SET_NAME, COLLATION_NAME))) AS hash
      FROM information_schema.PARAMETERS
      WHERE SPECIFIC_SCHEMA = p_name
      GROUP BY SPECIFIC_NAME, ROUTINE_TYPE
    ) p ON p.SPECIFIC_NAME = r.SPECIFIC_NAME AND p.ROUTINE_TYPE = r.ROUTINE_TYPE
    WHERE r.ROUTINE_SCHEMA = p_name;
  INSERT INTO ispyb_sandbox.seen_object (db, kind, name, hash)
    SELECT p_name, 'trigger', TRIGGER_NAME, SHA2(CONCAT_WS('|', EVENT_OBJECT_TABLE, EVENT_MANIPULATION, ACTION_TIMING,
      ACTION_ORDER, ACTION_STATEMENT, SQL_MODE, DEFINER, CHARACTER_SET_CLIENT, COLLATION_CONNECTION), 256)
    FROM information_schema.TRIGGERS
    WHERE TRIGGER_SCHEMA = p_name;
  INSERT INTO ispyb_sandbox.seen_object (db, kind, name, hash)
    SELECT p_name, 'event', EVENT_NAME, SHA2(CONCAT_WS('|', EVENT_DEFINITION, EVENT_TYPE, EXECUTE_AT, INTERVAL_VALUE,
      INTERVAL_FIELD, SQL_MODE, STARTS, ENDS, STATUS, ON_COMPLETION, EVENT_COMMENT, DEFINER, TIME_ZONE), 256)
    FROM information_schema.EVENTS
    WHERE EVENT_SCHEMA = p_name;
  INSERT INTO ispyb_sandbox.seen_object (db, kind, name, hash)
    SELECT p_name, 'database', SCHEMA_NAME, CONCAT(DEFAULT_CHARACTER_SET_NAME, ' ', DEFAULT_COLLATION_NAME)
    FROM information_schema.SCHEMATA
    WHERE SCHEMA_NAME = p_name;
END;
