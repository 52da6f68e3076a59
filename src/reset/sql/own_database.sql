-- The name of this database, as it was registered, if the caller may reset it: its own account, or one that installed
-- ispyb_sandbox. Everything else works with the name that is returned, and never with the one that was given.
CREATE FUNCTION ispyb_sandbox.own_database (p_name varchar(64)) RETURNS varchar(64) CHARSET utf8mb4 COLLATE utf8mb4_bin
  READS SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_name varchar(64) CHARSET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE v_account varchar(128) CHARSET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE v_what varchar(128);

  SELECT name, account INTO v_name, v_account
    FROM ispyb_sandbox.registered
    WHERE name = CONVERT(p_name USING utf8mb4) COLLATE utf8mb4_bin;
  IF v_name IS NULL THEN
    SET v_what = LEFT(CONCAT('no test database is called ', IFNULL(p_name, 'NULL'), ': nothing was changed'), 128);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = v_what;
  END IF;
  IF NOT ispyb_sandbox.is_own(v_account) THEN
    SET v_what = LEFT(CONCAT(v_name, ' belongs to account ', v_account, ': nothing was changed'), 128);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = v_what;
  END IF;
  RETURN v_name;
END;
