-- Writes down how the tables of this database are known again: their ids, those of their indexes, and the time of their
-- last ALTER. All of these outlive a restart.
CREATE PROCEDURE ispyb_sandbox.remember (IN p_name varchar(64))
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  UPDATE ispyb_sandbox.object o
    JOIN ispyb_sandbox.seen_object so ON so.db = o.db AND so.kind = 'table' AND so.name = o.name
    LEFT JOIN ispyb_sandbox.seen s ON s.db = o.db AND s.file_name = o.file_name
    SET o.table_id = s.table_id, o.created = so.created, o.indexes = so.indexes, o.remembered = SYSDATE()
    WHERE o.db = p_name AND o.kind = 'table';
END;
