-- What the server counted of changes of definitions, without those that resets made. Two equal answers prove that no
-- test changed a definition in between: a reset adds to `own_changes` only after it changed something, so a reader
-- that comes between sees too many changes, and never too few.
--
-- An answer that is kept has to be read alone, while no reset is between: `p_alone`. It is NULL where another reset has
-- been changing definitions for ten seconds.
CREATE PROCEDURE ispyb_sandbox.read_changes (IN p_alone bool, OUT p_changes varchar(100))
  READS SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_locked int DEFAULT 0;
  DECLARE v_own bigint;
  SET p_changes = NULL;
  IF p_alone THEN
    CALL ispyb_sandbox.begin_change(v_locked);
  END IF;
  IF v_locked = 1 OR NOT p_alone THEN
    -- First what resets did: what they do before the next statement counts as a change, too.
    SELECT IFNULL(SUM(total), 0) INTO v_own FROM ispyb_sandbox.own_changes;
    SET p_changes = {{schemaChanges}};
  END IF;
  IF v_locked = 1 THEN
    DO RELEASE_LOCK({{changeLock}});
  END IF;
END;
