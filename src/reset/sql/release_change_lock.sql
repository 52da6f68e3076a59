-- Releases the lock of `begin_change` that an error, or a KILL QUERY in the middle of a reset, has left to this session.
CREATE PROCEDURE ispyb_sandbox.release_change_lock ()
  NO SQL
  SQL SECURITY DEFINER
BEGIN
  WHILE IS_USED_LOCK({{changeLock}}) <=> CONNECTION_ID() DO
    DO RELEASE_LOCK({{changeLock}});
  END WHILE;
END;
