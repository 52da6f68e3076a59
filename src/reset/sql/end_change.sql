-- Writes down how far a reset moved what the server counts, after it did so. A reset that is killed before this has
-- changed more than it says. NULL: it is not known.
CREATE PROCEDURE ispyb_sandbox.end_change (IN p_locked int, IN p_changes int)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
BEGIN
  IF p_locked = 1 THEN
    IF p_changes IS NOT NULL THEN
      INSERT INTO ispyb_sandbox.own_changes (one, total) VALUES (1, p_changes)
        ON DUPLICATE KEY UPDATE total = total + p_changes;
    END IF;
    DO RELEASE_LOCK({{changeLock}});
  END IF;
END;
