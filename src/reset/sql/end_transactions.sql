-- Ends sessions that left a transaction open in this database. Sessions of other databases are left alone. `p_ended`
-- names them, or is NULL.
CREATE PROCEDURE ispyb_sandbox.end_transactions (IN p_name varchar(64), OUT p_ended text)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_id bigint;
  DECLARE v_said varchar(300);
  DECLARE v_more int DEFAULT 1;
  DECLARE v_left int;
  DECLARE v_open CURSOR FOR
    SELECT p.ID, CONCAT('session ', p.ID, ' of ', p.USER)
    FROM {{openTransactions}};
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_more = 0;
  -- It may end by itself between the question and the KILL.
  DECLARE CONTINUE HANDLER FOR 1094 BEGIN END;

  SET p_ended = NULL;
  OPEN v_open;
  one: LOOP
    FETCH v_open INTO v_id, v_said;
    IF v_more = 0 THEN LEAVE one; END IF;
    KILL CONNECTION v_id;
    SET p_ended = CONCAT_WS(', ', p_ended, v_said);
    -- Its locks go when it has rolled back.
    SET v_left = 100;
    WHILE v_left > 0 AND EXISTS (SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = v_id) DO
      DO SLEEP(0.02);
      SET v_left = v_left - 1;
    END WHILE;
    SET v_more = 1;
  END LOOP;
  CLOSE v_open;
END;
