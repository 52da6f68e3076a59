-- Reads what the server says of the rows of this database's tables into `seen`. It costs less than a millisecond: the
-- view is read once, and a table in memory with a key is joined from then on.
CREATE PROCEDURE ispyb_sandbox.look (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DELETE FROM ispyb_sandbox.seen WHERE db = p_name;
  INSERT INTO ispyb_sandbox.seen (db, file_name, table_id, initialized, counter, next_id, row_count)
    SELECT p_name, SUBSTRING_INDEX(NAME, '/', -1), TABLE_ID, STATS_INITIALIZED, MODIFIED_COUNTER, AUTOINC, NUM_ROWS
    FROM information_schema.{{tableStatistics}}
    WHERE NAME LIKE CONCAT(REPLACE(p_name, '_', '\\_'), '/%');
END;
