-- Adds to `seen_object` what `check` compares of tables and views: text without the name of the database and without times.
-- It takes longer than a reset may.
CREATE PROCEDURE ispyb_sandbox.look_at_details (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  UPDATE ispyb_sandbox.seen_object s
    LEFT JOIN (
      SELECT TABLE_NAME, SUM(CRC32(CONCAT_WS('|', INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, COLLATION,
        IFNULL(SUB_PART, '-'), INDEX_TYPE, INDEX_COMMENT))) AS hash
      FROM information_schema.STATISTICS
      WHERE TABLE_SCHEMA = p_name
      GROUP BY TABLE_NAME
    ) i ON CONVERT(i.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_bin = s.name
    LEFT JOIN (
      SELECT TABLE_NAME, SUM(CRC32(CONCAT_WS('|', CONSTRAINT_NAME, ORDINAL_POSITION, COLUMN_NAME, REFERENCED_TABLE_NAME,
        REFERENCED_COLUMN_NAME))) AS hash
      FROM information_schema.KEY_COLUMN_USAGE
      WHERE TABLE_SCHEMA = p_name
      GROUP BY TABLE_NAME
    ) k ON CONVERT(k.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_bin = s.name
    LEFT JOIN (
      SELECT TABLE_NAME, SUM(CRC32(CONCAT_WS('|', CONSTRAINT_NAME, CHECK_CLAUSE))) AS hash
      FROM information_schema.{{checksView}}
      WHERE CONSTRAINT_SCHEMA = p_name
      GROUP BY TABLE_NAME
    ) c ON CONVERT(c.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_bin = s.name
    LEFT JOIN (
      SELECT TABLE_NAME, SUM(CRC32(CONCAT_WS('|', PARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION,
        PARTITION_DESCRIPTION))) AS hash
      FROM information_schema.PARTITIONS
      WHERE TABLE_SCHEMA = p_name AND PARTITION_NAME IS NOT NULL
      GROUP BY TABLE_NAME
    ) p ON CONVERT(p.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_bin = s.name
    SET s.details = SHA2(CONCAT_WS('|', s.hash, IFNULL(i.hash, '-'), IFNULL(k.hash, '-'), IFNULL(c.hash, '-'),
      IFNULL(p.hash, '-')), 256)
    WHERE s.db = p_name AND s.kind = 'table';
  UPDATE ispyb_sandbox.seen_object s
    JOIN information_schema.VIEWS v
      ON v.TABLE_SCHEMA = p_name AND CONVERT(v.TABLE_NAME USING utf8mb4) COLLATE utf8mb4_bin = s.name
    SET s.details = SHA2(CONCAT_WS('|', REPLACE(v.VIEW_DEFINITION, CONCAT('`', REPLACE(p_name, '`', '``'), '`.'), ''),
      v.CHECK_OPTION, v.SECURITY_TYPE, v.CHARACTER_SET_CLIENT, v.COLLATION_CONNECTION), 256)
    WHERE s.db = p_name AND s.kind = 'view';
END;
