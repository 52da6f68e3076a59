-- Executes a statement that changes a definition or an AUTO_INCREMENT, and adds to `p_moved` how far it moved what the
-- server counts. A refusal counts as well: servers that count statements count those.
--
-- It waits for the table as short as the server can, so that a transaction that was left open is found at once. The
-- server itself holds a table while it purges deleted rows: if there is no such transaction, it is sent again and waits.
CREATE PROCEDURE ispyb_sandbox.execute_change (
  IN p_name varchar(64), IN p_sql longtext, IN p_changes int, INOUT p_moved int
)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_wait int DEFAULT @@SESSION.lock_wait_timeout;
  DECLARE v_held bool DEFAULT FALSE;
  SET @ispyb_sandbox_sql = p_sql;
  PREPARE ispyb_sandbox_statement FROM @ispyb_sandbox_sql;
  SET p_moved = p_moved + p_changes;
  IF v_wait = 1 THEN
    SET SESSION lock_wait_timeout = {{shortestLockWait}};
  END IF;
  BEGIN
    DECLARE EXIT HANDLER FOR 1205
    BEGIN
      IF @@SESSION.lock_wait_timeout > 0 OR EXISTS (SELECT 1 FROM {{openTransactions}}) THEN
        RESIGNAL;
      END IF;
      SET v_held = TRUE;
    END;
    EXECUTE ispyb_sandbox_statement;
  END;
  SET SESSION lock_wait_timeout = v_wait;
  IF v_held THEN
    SET p_moved = p_moved + p_changes;
    EXECUTE ispyb_sandbox_statement;
  END IF;
  DEALLOCATE PREPARE ispyb_sandbox_statement;
END;
