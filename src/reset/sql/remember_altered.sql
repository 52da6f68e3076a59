-- Writes down when the tables were altered whose AUTO_INCREMENT was set back just now, one after the other: if the first
-- and the last have the same time, so have those between. They are not asked, because that takes as long as to alter them.
CREATE PROCEDURE ispyb_sandbox.remember_altered (IN p_name varchar(64), IN p_first varchar(64), IN p_last varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  DECLARE v_table varchar(64);
  DECLARE v_time varchar(32);
  DECLARE v_more int DEFAULT 1;
  DECLARE v_moved CURSOR FOR
    SELECT name FROM ispyb_sandbox.work WHERE db = p_name AND moves_id;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_more = 0;

  CALL ispyb_sandbox.ask_altered(p_name, p_first);
  SET v_time = @ispyb_sandbox_altered;
  CALL ispyb_sandbox.ask_altered(p_name, p_last);
  IF v_time = @ispyb_sandbox_altered THEN
    UPDATE ispyb_sandbox.object o
      JOIN ispyb_sandbox.work w ON w.db = o.db AND w.name = o.name
      SET o.created = v_time
      WHERE w.db = p_name AND w.moves_id AND o.kind = 'table' AND o.next_id IS NOT NULL;
  ELSE
    OPEN v_moved;
    each_one: LOOP
      FETCH v_moved INTO v_table;
      IF v_more = 0 THEN LEAVE each_one; END IF;
      CALL ispyb_sandbox.ask_altered(p_name, v_table);
      UPDATE ispyb_sandbox.object SET created = @ispyb_sandbox_altered
        WHERE db = p_name AND kind = 'table' AND name = v_table;
    END LOOP;
    CLOSE v_moved;
  END IF;
END;
