-- Reads when each table of this database was changed last, and its AUTO_INCREMENT: less than `look_at_tables`, and enough
-- where definitions are the same.
CREATE PROCEDURE ispyb_sandbox.look_at_updates (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DELETE FROM ispyb_sandbox.seen_object WHERE db = p_name;
  INSERT INTO ispyb_sandbox.seen_object (db, kind, name, updated, next_id)
    SELECT p_name, 'table', TABLE_NAME, UPDATE_TIME, AUTO_INCREMENT
    FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = p_name AND TABLE_TYPE = 'BASE TABLE';
END;
