-- CALL ispyb_sandbox.reset('ispyb_1'): rows, AUTO_INCREMENT, tables and views of this database become what they were
-- when it was made. A transaction of the calling session is rolled back first. Settings of the session stay.
--
-- Errors have SQLSTATE 45000 and say which state is in the way and what to do. After an error or a kill the next call
-- does the work again.
CREATE PROCEDURE ispyb_sandbox.reset (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Makes a test database what it was when it was made'
BEGIN
  DECLARE v_name varchar(64);
  DECLARE v_lock varchar(64);
  DECLARE v_locked int DEFAULT 0;
  DECLARE v_ended text;
  DECLARE v_conditions int;
  DECLARE saved_autocommit int DEFAULT @@SESSION.autocommit;
  {{declareSettings}}

  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    -- The error is the last condition: warnings may come before it.
    GET DIAGNOSTICS v_conditions = NUMBER;
    GET DIAGNOSTICS CONDITION v_conditions @ispyb_sandbox_code = MYSQL_ERRNO, @ispyb_sandbox_said = MESSAGE_TEXT;
    IF @ispyb_sandbox_code NOT IN (1399, 1401) THEN
      ROLLBACK;
      SET SESSION autocommit = saved_autocommit;
    END IF;
    {{restoreSettings}}
    IF v_locked = 1 THEN
      SET v_locked = RELEASE_LOCK(v_lock);
    END IF;
    CALL ispyb_sandbox.fail(p_name, @ispyb_sandbox_code, @ispyb_sandbox_said);
  END;

  {{changeSettings}}
  ROLLBACK;
  -- After the ROLLBACK, because it would commit.
  SET SESSION autocommit = 1;
  SET v_name = ispyb_sandbox.own_database(p_name);
  SET v_lock = CONCAT('ispyb_sandbox ', LEFT(SHA2(v_name, 256), 40));
  SET v_locked = GET_LOCK(v_lock, 10);
  IF v_locked IS NULL OR v_locked = 0 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
      'not reset: another session has been resetting this database for 10 s. Retry when it has ended';
  END IF;

  CALL ispyb_sandbox.end_transactions(v_name, v_ended);
  CALL ispyb_sandbox.restore_database(v_name);
  SET SESSION autocommit = saved_autocommit;
  {{restoreSettings}}
  SET v_locked = RELEASE_LOCK(v_lock);
  SET @ispyb_sandbox_sql = NULL, @ispyb_sandbox_said = NULL, @ispyb_sandbox_code = NULL;
  IF v_ended IS NOT NULL THEN
    SET v_ended = LEFT(CONCAT('ended with their transactions left open in ', v_name, ': ', v_ended), 128);
    SIGNAL SQLSTATE '01000' SET MYSQL_ERRNO = 1642, MESSAGE_TEXT = v_ended;
  END IF;
END;
