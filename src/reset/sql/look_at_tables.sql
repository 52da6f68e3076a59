-- Reads when each table of this database was altered and changed last, its AUTO_INCREMENT and its options.
CREATE PROCEDURE ispyb_sandbox.look_at_tables (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DELETE FROM ispyb_sandbox.seen_object WHERE db = p_name AND kind IN ('table', 'sequence');
  INSERT INTO ispyb_sandbox.seen_object (db, kind, name, created, updated, next_id, hash, indexes)
    SELECT p_name, IF(t.TABLE_TYPE = 'SEQUENCE', 'sequence', 'table'), t.TABLE_NAME, t.CREATE_TIME, t.UPDATE_TIME,
      t.AUTO_INCREMENT, CRC32(CONCAT_WS('|', t.ENGINE, t.ROW_FORMAT, t.TABLE_COLLATION, t.CREATE_OPTIONS,
      t.TABLE_COMMENT)), i.ids
    FROM information_schema.TABLES t
    LEFT JOIN ispyb_sandbox.object o
      ON o.db = p_name AND o.kind = 'table' AND o.name = CONVERT(t.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_bin
    LEFT JOIN ({{indexIds}}) i ON CONVERT(i.file_name USING utf8mb4) COLLATE utf8mb4_bin = CONCAT(p_name, '/', o.file_name)
    WHERE t.TABLE_SCHEMA = p_name AND t.TABLE_TYPE <> 'VIEW';
END;
