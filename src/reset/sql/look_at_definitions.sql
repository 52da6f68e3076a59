-- Reads what the server says of the objects of this database into `seen_object`: hashes of their definitions. What no
-- view of information_schema tells of a table is told by the time of its last ALTER and by the ids of its indexes.
CREATE PROCEDURE ispyb_sandbox.look_at_definitions (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DELETE FROM ispyb_sandbox.seen_object WHERE db = p_name;
  CALL ispyb_sandbox.look_at_tables(p_name);
  UPDATE ispyb_sandbox.seen_object s
    JOIN (
      SELECT TABLE_NAME, SUM(CRC32(CONCAT_WS('|', ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE,
        IFNULL(COLUMN_DEFAULT, '-'), EXTRA, COLLATION_NAME, COLUMN_COMMENT, GENERATION_EXPRESSION))) AS hash
      FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = p_name
      GROUP BY TABLE_NAME
    ) c ON CONVERT(c.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_bin = s.name
    LEFT JOIN (
      SELECT TABLE_NAME, SUM(CRC32(CONCAT_WS('|', CONSTRAINT_NAME, REFERENCED_TABLE_NAME, DELETE_RULE,
        UPDATE_RULE))) AS hash
      FROM information_schema.REFERENTIAL_CONSTRAINTS
      WHERE CONSTRAINT_SCHEMA = p_name
      GROUP BY TABLE_NAME
    ) f ON CONVERT(f.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_bin = s.name
    SET s.hash = CONCAT_WS('|', s.hash, c.hash, f.hash)
    WHERE s.db = p_name AND s.kind = 'table';
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
    SELECT p_name, 'trigger', TRIGGER_NAME, MAX(SHA2(CONCAT_WS('|', EVENT_OBJECT_TABLE, EVENT_MANIPULATION,
      ACTION_TIMING, ACTION_ORDER, ACTION_STATEMENT, SQL_MODE, DEFINER, CHARACTER_SET_CLIENT, COLLATION_CONNECTION),
      256))
    FROM information_schema.TRIGGERS
    WHERE TRIGGER_SCHEMA = p_name
    GROUP BY TRIGGER_NAME;
  -- A trigger that is there twice (`ask_triggers` says how) goes only with its table.
  UPDATE ispyb_sandbox.seen_object s
    JOIN (
      SELECT EVENT_OBJECT_TABLE
      FROM information_schema.TRIGGERS
      WHERE TRIGGER_SCHEMA = p_name
      GROUP BY EVENT_OBJECT_TABLE, TRIGGER_NAME
      HAVING COUNT(*) > 1
    ) t ON CONVERT(t.EVENT_OBJECT_TABLE USING utf8mb4) COLLATE utf8mb4_bin = s.name
    SET s.hash = NULL
    WHERE s.db = p_name AND s.kind = 'table';
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
