-- Takes the lock under which a reset changes definitions and writes down that it did. `p_locked` is 0 if another session
-- has held it for ten seconds: then the change is made all the same, and counts as one of a test.
CREATE PROCEDURE ispyb_sandbox.begin_change (OUT p_locked int)
  NO SQL
  SQL SECURITY DEFINER
BEGIN
  -- The server's error for two sessions that wait for each other.
  DECLARE CONTINUE HANDLER FOR 3058 SET p_locked = 0;
  SET p_locked = 0;
  SET p_locked = IFNULL(GET_LOCK({{changeLock}}, 10), 0);
END;
