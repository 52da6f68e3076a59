-- CALL ispyb_sandbox.reset_all(): resets every database that the caller may reset, one after the other. The first
-- that cannot be reset ends it with its error.
CREATE PROCEDURE ispyb_sandbox.reset_all ()
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Restores all test databases of this account to their state at creation'
BEGIN
  DECLARE v_name varchar(64);
  DECLARE v_more int DEFAULT 1;
  DECLARE v_own CURSOR FOR
    SELECT r.name FROM ispyb_sandbox.registered r
    WHERE {{isOwn}}
    ORDER BY r.name;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_more = 0;

  OPEN v_own;
  each_one: LOOP
    FETCH v_own INTO v_name;
    IF v_more = 0 THEN LEAVE each_one; END IF;
    CALL ispyb_sandbox.reset(v_name);
  END LOOP;
  CLOSE v_own;
END;
