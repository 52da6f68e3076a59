-- The name of this database, as it was registered, if the caller may reset it: its own account, or one that installed
-- ispyb_sandbox. Everything else works with the name that is returned, and never with the one that was given.
CREATE PROCEDURE ispyb_sandbox.own_database (IN p_given varchar(64), OUT p_name varchar(64))
  READS SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_account varchar(128) CHARSET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE v_is_own bool;
  DECLARE v_what varchar(128);
  -- Left empty if there is none, which is no warning then.
  DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

  SET p_name = NULL;
  SELECT r.name, r.account, {{isOwn}} INTO p_name, v_account, v_is_own
    FROM ispyb_sandbox.registered r
    WHERE r.name = CONVERT(p_given USING utf8mb4) COLLATE utf8mb4_bin;
  IF p_name IS NULL THEN
    SET v_what = LEFT(CONCAT('no test database is called ', IFNULL(p_given, 'NULL'), ': nothing was changed'), 128);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = v_what;
  END IF;
  IF NOT v_is_own THEN
    SET v_what = LEFT(CONCAT(p_name, ' belongs to account ', v_account, ': nothing was changed'), 128);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = v_what;
  END IF;
END;
