-- An error for an object that this server cannot make or drop within a procedure: it refuses the statement in PREPARE.
CREATE PROCEDURE ispyb_sandbox.require_preparable (IN p_name varchar(64), IN p_kind varchar(64), IN p_object varchar(64))
  NO SQL
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_what varchar(128);
  IF p_kind NOT IN ('table', 'view') AND NOT {{preparesEverything}} THEN
    SET v_what = CONCAT('not reset: ', p_kind, ' ', LEFT(p_object, 40), ' was changed. Run: ispyb-migrate ', {{remedy}});
    SET v_what = LEFT(v_what, 128);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = v_what;
  END IF;
END;
