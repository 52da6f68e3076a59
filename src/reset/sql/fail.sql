-- Ends a reset with an error that names the state of the session, in words, and what to do about it.
CREATE PROCEDURE ispyb_sandbox.fail (IN p_name varchar(64), IN p_code int, IN p_said text)
  NO SQL
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_what varchar(128);
  SET v_what = CASE
    WHEN p_code = 1399 THEN 'this session has an XA transaction: end it (XA END, XA ROLLBACK), then reset again'
    WHEN p_code IN (1099, 1100) THEN 'this session holds LOCK TABLES: run UNLOCK TABLES, then reset again'
    WHEN p_code IN (1205, 1213) THEN 'another session locks rows or tables of this database: end that session, then reset again'
    ELSE p_said
  END;
  SET v_what = LEFT(IF(p_code = 1644, p_said, CONCAT('not reset: ', v_what)), 128);
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = v_what;
END;
