import { countedDictionaryRows, countedStatements, indexIdsFrom } from "./change-counters.ts";
import { hiddenOnMariadb, hiddenOnMysql } from "./hidden-sql.ts";
import { type LockView, lockView } from "./lock-view.ts";
import type { PerVendor } from "./per-vendor.ts";
import { type AccountTables, accountTables } from "./account-tables.ts";
import { onDatabases, systemUsers } from "./privilege-names.ts";
import { type Version, atLeast } from "./product.ts";
import { type ReplicationNames, replication } from "./replication.ts";

/** Names and queries that differ by server. */
export interface Names {
  /** The stock client to run a script with. MariaDB's own name since 10.5; container images of 11 have no `mysql`. */
  readonly client: "mariadb" | "mysql";
  /** The language for sql-formatter. */
  readonly sqlLanguage: "mariadb" | "mysql";
  /** An SQL condition, true on a server of the same series (`10.11`, `9.7`): a script is valid only there. */
  readonly sameSeries: string;
  /** The variable for a read-only session. MariaDB before 11.1 knows only tx_read_only, MySQL only the other. */
  readonly readOnlyVariable: "tx_read_only" | "transaction_read_only";
  /** The variable for the isolation level of a session. MariaDB before 11.1 knows only tx_isolation, MySQL only the other. */
  readonly isolationVariable: "tx_isolation" | "transaction_isolation";
  /** The view of information_schema with the numbers that InnoDB keeps of each table: ids, changes, counters. */
  readonly tableStatistics: "INNODB_SYS_TABLESTATS" | "INNODB_TABLESTATS";
  /**
   * The counters of the server that move with any change of a definition, any ANALYZE and any flush, as a condition on
   * VARIABLE_NAME of `view`. MariaDB counts statements, also those of procedures and of PREPARE. MySQL has no such
   * counters without performance_schema, but its dictionary is rows, and it counts changes of those (measured).
   */
  readonly changeCounters: { readonly view: string; readonly condition: string };
  /** SQL: how far the sum of `changeCounters` moves by one statement; NULL where that depends on the object. */
  readonly changesOfStatement: "1" | "NULL";
  /**
   * An SQL expression that differs after a table was put out of the cache of open tables, where InnoDB forgets its
   * changes then: MySQL, also by REPAIR TABLE (measured). MariaDB keeps the numbers.
   */
  readonly forgottenChanges: string;
  /** SQL that reads `file_name` and the ids of the indexes of each table of InnoDB, as one number. A new index has a new id. */
  readonly indexIds: string;
  /** What reads the error of a handler, after other statements of it as well: MariaDB has no STACKED, and needs none. */
  readonly getDiagnostics: "GET DIAGNOSTICS" | "GET STACKED DIAGNOSTICS";
  /** The view of information_schema with the foreign keys of all databases, for accounts with PROCESS. */
  readonly foreignKeyView: "INNODB_SYS_FOREIGN" | "INNODB_FOREIGN";
  /** The least value of lock_wait_timeout and innodb_lock_wait_timeout: zero, which does not wait, only on MariaDB. */
  readonly shortestLockWait: "0" | "1";
  /** What to select from information_schema.STATISTICS for a column IGNORED: YES for an index that the optimizer may not use. */
  readonly indexIgnored: string;
  /** The words of ALTER INDEX that let the optimizer use an index again. */
  readonly useIndex: "NOT IGNORED" | "VISIBLE";
  /** An SQL expression that differs when a view `v` of information_schema.VIEWS has another algorithm. */
  readonly viewChange: string;
  /** Everything that GRANT ALL on a database gives: who grants it has to have each of these. */
  readonly databasePrivileges: readonly string[];
  /** The privilege to end sessions of other accounts. */
  readonly connectionAdmin: "CONNECTION ADMIN" | "CONNECTION_ADMIN";
  /**
   * The view of information_schema that shows the CHECKs of a table to an account with SELECT. MySQL's view has no
   * column for the table name.
   */
  readonly checksView: string;
  /**
   * Server-wide privileges to create objects with another account as DEFINER, each of them enough, the one to grant
   * first: on MariaDB SET USER since 10.5.2, on MySQL SET_ANY_DEFINER since 8.2 and SET_USER_ID before.
   */
  readonly setDefiner: readonly string[];
  /**
   * Server-wide privileges to create objects with a DEFINER that does not exist, each of them enough, the one to grant
   * first; none if `setDefiner` is enough. MySQL has one only for this since 8.2.
   */
  readonly setMissingDefiner: readonly string[];
  /**
   * Which accounts have SYSTEM_USER, `name@host`: only an account that has it, too, may create and drop what they define.
   * A privilege by any of their roles counts there, active or not; for a GRANT to them only their `own` counts (measured,
   * MySQL 9.7). MariaDB has no such privilege.
   */
  readonly systemUsers: { readonly query: string; readonly tables: readonly string[] } | undefined;
  /** The privilege to read the text of every routine: SHOW_ROUTINE on MySQL since 8.0.20. */
  readonly readAllRoutines: { readonly privilege: string; readonly on: string };
  /** Server-wide privileges for CREATE ROLE, each of them enough: MySQL has one only for this. */
  readonly createRole: readonly string[];
  /** The same for DROP ROLE. */
  readonly dropRole: readonly string[];
  /** The suffix of a role's name in a statement: on MySQL a role is an account with a host. */
  readonly roleHost: "" | "@`%`";
  /** SQL that counts the members of a role, given by name. On MariaDB the creator is a member: not counted if it is this account. */
  readonly roleMembers: string;
  /** SELECT of the `file_name` of those of these tables, given as literals, that src/dialect/hidden-sql.ts is about. Needs PROCESS. */
  readonly hiddenFromCatalog: (tables: string) => string;
  /** SQL that counts users, not roles, with a name. MariaDB marks roles; MySQL locks their accounts. */
  readonly usersNamed: string;
  /** Where the privileges of other accounts are, and which of their roles count. */
  readonly accountTables: AccountTables;
  /** How the server shows what it receives from other servers. */
  readonly replication: ReplicationNames;
  /** How it shows which session holds a lock. */
  readonly lockView: LockView;
}

export const names: PerVendor<Names> = {
  client: { mariadb: () => "mariadb", mysql: () => "mysql" },
  sqlLanguage: { mariadb: () => "mariadb", mysql: () => "mysql" },
  sameSeries: { mariadb: sameSeries, mysql: sameSeries },
  readOnlyVariable: { mariadb: () => "tx_read_only", mysql: () => "transaction_read_only" },
  isolationVariable: { mariadb: () => "tx_isolation", mysql: () => "transaction_isolation" },
  tableStatistics: { mariadb: () => "INNODB_SYS_TABLESTATS", mysql: () => "INNODB_TABLESTATS" },
  changeCounters: { mariadb: () => countedStatements, mysql: () => countedDictionaryRows },
  changesOfStatement: { mariadb: () => "1", mysql: () => "NULL" },
  forgottenChanges: {
    mariadb: () => "'0'",
    mysql: () =>
      "(SELECT VARIABLE_VALUE FROM performance_schema.global_status WHERE VARIABLE_NAME = 'Table_open_cache_misses')",
  },
  foreignKeyView: { mariadb: () => "INNODB_SYS_FOREIGN", mysql: () => "INNODB_FOREIGN" },
  indexIds: {
    mariadb: () => indexIdsFrom("INNODB_SYS_TABLES", "INNODB_SYS_INDEXES"),
    mysql: () => indexIdsFrom("INNODB_TABLES", "INNODB_INDEXES"),
  },
  getDiagnostics: { mariadb: () => "GET DIAGNOSTICS", mysql: () => "GET STACKED DIAGNOSTICS" },
  shortestLockWait: { mariadb: () => "0", mysql: () => "1" },
  indexIgnored: {
    // Every column: a server before 10.6 has none of this name, whatever version it greets with.
    mariadb: () => "STATISTICS.*",
    mysql: () => "IF(IS_VISIBLE = 'NO', 'YES', 'NO') AS IGNORED",
  },
  useIndex: { mariadb: () => "NOT IGNORED", mysql: () => "VISIBLE" },
  viewChange: {
    mariadb: () => "v.ALGORITHM",
    mysql: () =>
      "(SELECT t.CREATE_TIME FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = v.TABLE_SCHEMA AND t.TABLE_NAME = v.TABLE_NAME)",
  },
  databasePrivileges: {
    mariadb: (version) => [
      ...onDatabases,
      "DELETE HISTORY",
      ...(atLeast(version, [11, 3, 0]) ? ["SHOW CREATE ROUTINE"] : []),
    ],
    mysql: () => onDatabases,
  },
  connectionAdmin: { mariadb: () => "CONNECTION ADMIN", mysql: () => "CONNECTION_ADMIN" },
  checksView: {
    mariadb: () => "CHECK_CONSTRAINTS",
    mysql: () =>
      "TABLE_CONSTRAINTS JOIN information_schema.CHECK_CONSTRAINTS USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME)",
  },
  setDefiner: {
    mariadb: () => ["SET USER", "SUPER"],
    mysql: (version) => [...(atLeast(version, [8, 2, 0]) ? ["SET_ANY_DEFINER"] : []), "SET_USER_ID", "SUPER"],
  },
  setMissingDefiner: {
    mariadb: () => [],
    mysql: (version) => (atLeast(version, [8, 2, 0]) ? ["ALLOW_NONEXISTENT_DEFINER", "SUPER"] : []),
  },
  systemUsers: {
    mariadb: () => undefined,
    mysql: (version) => (atLeast(version, [8, 0, 16]) ? systemUsers : undefined),
  },
  readAllRoutines: {
    mariadb: () => ({ privilege: "SELECT", on: "mysql.proc" }),
    mysql: () => ({ privilege: "SHOW_ROUTINE", on: "*.*" }),
  },
  createRole: { mariadb: () => ["CREATE USER"], mysql: () => ["CREATE ROLE", "CREATE USER"] },
  dropRole: { mariadb: () => ["CREATE USER"], mysql: () => ["DROP ROLE", "CREATE USER"] },
  roleHost: { mariadb: () => "", mysql: () => "@`%`" },
  roleMembers: {
    mariadb: () =>
      "SELECT COUNT(*) AS n FROM mysql.roles_mapping WHERE Role = ? " +
      "AND NOT (Admin_option = 'Y' AND CONCAT(User, '@', Host) = CURRENT_USER())",
    mysql: () => "SELECT COUNT(*) AS n FROM mysql.role_edges WHERE FROM_USER = ?",
  },
  hiddenFromCatalog: { mariadb: () => hiddenOnMariadb, mysql: hiddenOnMysql },
  usersNamed: {
    mariadb: () =>
      "SELECT COUNT(*) AS n FROM mysql.user u WHERE u.User = ? AND u.is_role = 'N' " +
      "AND NOT EXISTS (SELECT 1 FROM mysql.user r WHERE r.User = u.User AND r.is_role = 'Y')",
    mysql: () => "SELECT COUNT(*) AS n FROM mysql.user WHERE User = ? AND Host = '%' AND account_locked = 'N'",
  },
  accountTables,
  replication,
  lockView,
};

/** A condition on VERSION() without the old replication prefix. */
function sameSeries([major, minor]: Version): string {
  return `REPLACE(VERSION(), '5.5.5-', '') LIKE '${major}.${minor}.%'`;
}
