import type { Vendor } from "./product.ts";

/** How a server shows which session holds a metadata lock. */
export interface LockView {
  /**
   * SELECT of all metadata locks, with the session of each: `id`, `scope` (TABLE, BACKUP, GLOBAL, COMMIT, SCHEMA …),
   * `db`, `name`, `mode`, `isPending`, `user`, `host`, `idle` (seconds; NULL while a statement runs), `sql` (the statement
   * that runs, or the last one). MariaDB shows no pending locks, and sessions of other accounts only with PROCESS.
   */
  readonly locks: string;
  /** SELECT of the `id` of each session that has the rows locked for which session `?` waits. */
  readonly rowHolders: string;
  /** What shows the locks on a server that does not: a statement, or a setting. */
  readonly enable: string;
  /** The GRANT that reading `locks` needs, without the account. Sessions of other accounts also need PROCESS. */
  readonly grant: string | undefined;
}

const PLUGIN = "metadata_lock_info";

export const lockView: Readonly<Record<Vendor, () => LockView>> = {
  mariadb: () => ({
    locks:
      "SELECT l.THREAD_ID AS id, CASE l.LOCK_TYPE WHEN 'Table metadata lock' THEN 'TABLE' WHEN 'Backup lock' THEN 'BACKUP' " +
      "ELSE UPPER(SUBSTRING_INDEX(l.LOCK_TYPE, ' ', 1)) END AS scope, l.TABLE_SCHEMA AS db, l.TABLE_NAME AS name, " +
      "SUBSTRING(l.LOCK_MODE, 5) AS mode, 0 AS isPending, p.USER AS user, p.HOST AS host, " +
      "IF(p.COMMAND = 'Sleep', p.TIME, NULL) AS idle, p.INFO AS `sql` " +
      "FROM information_schema.METADATA_LOCK_INFO l LEFT JOIN information_schema.PROCESSLIST p ON p.ID = l.THREAD_ID",
    rowHolders:
      "SELECT DISTINCT b.trx_mysql_thread_id AS id FROM information_schema.INNODB_LOCK_WAITS w " +
      "JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id " +
      "JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id WHERE r.trx_mysql_thread_id = ?",
    enable: `INSTALL SONAME '${PLUGIN}';   -- as an administrator; then the server shows which session holds a lock; UNINSTALL SONAME '${PLUGIN}' removes it`,
    grant: undefined,
  }),
  mysql: () => ({
    locks:
      "SELECT t.PROCESSLIST_ID AS id, REPLACE(l.OBJECT_TYPE, ' LOCK', '') AS scope, l.OBJECT_SCHEMA AS db, l.OBJECT_NAME AS name, " +
      "l.LOCK_TYPE AS mode, l.LOCK_STATUS = 'PENDING' AS isPending, t.PROCESSLIST_USER AS user, t.PROCESSLIST_HOST AS host, " +
      "IF(t.PROCESSLIST_COMMAND = 'Sleep', t.PROCESSLIST_TIME, NULL) AS idle, COALESCE(t.PROCESSLIST_INFO, s.SQL_TEXT) AS `sql` " +
      "FROM performance_schema.metadata_locks l JOIN performance_schema.threads t ON t.THREAD_ID = l.OWNER_THREAD_ID " +
      "LEFT JOIN performance_schema.events_statements_current s ON s.THREAD_ID = t.THREAD_ID AND s.NESTING_EVENT_LEVEL = 0 " +
      "WHERE t.PROCESSLIST_ID IS NOT NULL",
    rowHolders:
      "SELECT DISTINCT b.PROCESSLIST_ID AS id FROM performance_schema.data_lock_waits w " +
      "JOIN performance_schema.threads r ON r.THREAD_ID = w.REQUESTING_THREAD_ID " +
      "JOIN performance_schema.threads b ON b.THREAD_ID = w.BLOCKING_THREAD_ID WHERE r.PROCESSLIST_ID = ?",
    enable:
      "performance_schema = ON   -- in the server's option file: after a restart it shows which session holds a lock",
    grant: "GRANT SELECT ON performance_schema.*",
  }),
};
