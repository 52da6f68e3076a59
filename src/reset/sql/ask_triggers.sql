-- Sets `p_left`: a table in `work` still has a trigger that a restore of its rows would fire, after all were dropped.
-- DROP TRIGGER or CREATE TRIGGER that was killed can leave one that fires and that DROP TRIGGER does not know (seen on
-- MariaDB 10.11). It goes only with its table.
CREATE PROCEDURE ispyb_sandbox.ask_triggers (IN p_name varchar(64), OUT p_left bool)
  READS SQL DATA
  SQL SECURITY DEFINER
BEGIN
  SET p_left = EXISTS (
    SELECT 1
    FROM information_schema.TRIGGERS t
    JOIN ispyb_sandbox.work w ON w.name = CONVERT(t.EVENT_OBJECT_TABLE USING utf8mb4) COLLATE utf8mb4_bin
    WHERE t.TRIGGER_SCHEMA = p_name AND t.EVENT_MANIPULATION <> 'UPDATE' AND w.db = p_name
  );
END;
