-- CALL ispyb_sandbox.reset('ispyb_1'): rows, AUTO_INCREMENT, tables and views of this database become what they were
-- when it was made. A transaction of the calling session is rolled back first. Settings of the session stay.
--
-- Errors have SQLSTATE 45000 and say which state is in the way and what to do. After an error or a kill the next call
-- does the work again.
CREATE PROCEDURE ispyb_sandbox.reset (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Restores a test database to its state at creation'
BEGIN
  DECLARE v_name varchar(64);
  DECLARE v_lock varchar(64);
  DECLARE v_locked int DEFAULT 0;
  DECLARE v_ended text;
  DECLARE v_blocked bool DEFAULT FALSE;
  DECLARE v_conditions int;
  DECLARE saved_autocommit int DEFAULT @@SESSION.autocommit;
  {{declareSettings}}

  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    -- The error is the last condition: warnings come before it, and notes of the routines that it passed (4094) behind.
    {{getDiagnostics}} v_conditions = NUMBER;
    SET @ispyb_sandbox_code = 4094;
    WHILE @ispyb_sandbox_code = 4094 AND v_conditions > 0 DO
      {{getDiagnostics}} CONDITION v_conditions @ispyb_sandbox_code = MYSQL_ERRNO, @ispyb_sandbox_said = MESSAGE_TEXT;
      SET v_conditions = v_conditions - 1;
    END WHILE;
    IF @ispyb_sandbox_code NOT IN (1399, 1401) THEN
      ROLLBACK;
      SET SESSION autocommit = saved_autocommit;
    END IF;
    {{restoreSettings}}
    CALL ispyb_sandbox.release_change_lock();
    IF v_locked = 1 THEN
      SET v_locked = RELEASE_LOCK(v_lock);
    END IF;
    CALL ispyb_sandbox.fail(p_name, @ispyb_sandbox_code, @ispyb_sandbox_said);
  END;

  {{changeSettings}}
  ROLLBACK;
  -- After the ROLLBACK, because it would commit.
  SET SESSION autocommit = 1;
  IF IS_USED_LOCK({{changeLock}}) = CONNECTION_ID() THEN
    CALL ispyb_sandbox.release_change_lock();
  END IF;
  CALL ispyb_sandbox.own_database(p_name, v_name);
  SET v_lock = CONCAT('ispyb_sandbox ', LEFT(SHA2(v_name, 256), 40));
  SET v_locked = GET_LOCK(v_lock, 10);
  IF v_locked IS NULL OR v_locked = 0 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
      'not reset: another session has been resetting this database for 10 s. Retry when it has ended';
  END IF;

  -- Sessions are only looked for where something blocks: InnoDB refreshes its list of transactions only after a tenth of
  -- a second in which it was not read.
  attempt: BEGIN
    DECLARE EXIT HANDLER FOR 1205, 1213 SET v_blocked = TRUE;
    CALL ispyb_sandbox.restore_database(v_name);
  END attempt;
  IF v_blocked THEN
    ROLLBACK;
    CALL ispyb_sandbox.release_change_lock();
    DO SLEEP(0.15);
    CALL ispyb_sandbox.end_transactions(v_name, v_ended);
    SET SESSION innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
    CALL ispyb_sandbox.restore_database(v_name);
  END IF;
  SET SESSION autocommit = saved_autocommit;
  {{restoreSettings}}
  SET v_locked = RELEASE_LOCK(v_lock);
  SET @ispyb_sandbox_sql = NULL, @ispyb_sandbox_said = NULL, @ispyb_sandbox_code = NULL, @ispyb_sandbox_same = NULL,
    @ispyb_sandbox_altered = NULL;
  IF v_ended IS NOT NULL THEN
    SET v_ended = LEFT(CONCAT('killed, because they had open transactions in ', v_name, ': ', v_ended), 128);
    SIGNAL SQLSTATE '01000' SET MYSQL_ERRNO = 1642, MESSAGE_TEXT = v_ended;
  END IF;
END;
