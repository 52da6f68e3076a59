-- True if the caller may reset databases of this account: it is the caller, or the caller installed ispyb_sandbox.
CREATE FUNCTION ispyb_sandbox.is_own (p_account varchar(128) CHARSET utf8mb4 COLLATE utf8mb4_bin) RETURNS bool
  READS SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_caller varchar(255) CHARSET utf8mb4 COLLATE utf8mb4_bin;
  SET v_caller = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())));
  RETURN v_caller = p_account OR EXISTS (SELECT 1 FROM ispyb_sandbox.administrator WHERE name = v_caller);
END;
