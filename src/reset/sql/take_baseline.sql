-- Records the present state of this database as its state at creation. Only for who has just made it, or has just started a
-- server on a copy of it.
CREATE PROCEDURE ispyb_sandbox.take_baseline (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  -- In a copy of the data tables have other times on some servers. A table with another time is made again when definitions
  -- are compared, and its triggers with it, which not every server can do in a procedure. Without triggers that only
  -- takes longer, once, and here every start of a server would.
  IF EXISTS (SELECT 1 FROM ispyb_sandbox.object WHERE db = p_name AND kind = 'trigger') THEN
    CALL ispyb_sandbox.look(p_name);
    CALL ispyb_sandbox.look_at_tables(p_name);
    CALL ispyb_sandbox.remember(p_name);
  END IF;
  DELETE FROM ispyb_sandbox.work WHERE db = p_name;
  DELETE FROM ispyb_sandbox.seen_changes WHERE db = p_name;
  DELETE FROM ispyb_sandbox.baseline WHERE db = p_name;
  INSERT INTO ispyb_sandbox.work (db, name)
    SELECT p_name, name FROM ispyb_sandbox.object WHERE db = p_name AND kind = 'table';
  CALL ispyb_sandbox.write_baseline(p_name, FALSE, FALSE);
END;
