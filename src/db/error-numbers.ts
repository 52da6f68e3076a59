/**
 * Error numbers by the names that the servers give them, as their manuals list them. MariaDB and MySQL agree below
 * 1900; above, each number belongs to one of them, so that a list may hold the numbers of both.
 */
export const errorNumbers = {
  // Other sessions are in the way.
  ER_LOCK_WAIT_TIMEOUT: 1205,
  ER_LOCK_DEADLOCK: 1213,
  /** The answer to KILL QUERY. */
  ER_QUERY_INTERRUPTED: 1317,

  // It is already there.
  ER_CANT_CREATE_TABLE: 1005,
  ER_DB_CREATE_EXISTS: 1007,
  /** The answer of older versions to a second foreign key of one name. */
  ER_DUP_KEY: 1022,
  ER_TABLE_EXISTS_ERROR: 1050,
  ER_DUP_FIELDNAME: 1060,
  ER_DUP_KEYNAME: 1061,
  ER_DUP_ENTRY: 1062,
  ER_MULTIPLE_PRI_KEY: 1068,
  ER_SP_ALREADY_EXISTS: 1304,
  ER_TRG_ALREADY_EXISTS: 1359,
  ER_DUP_ENTRY_WITH_KEY_NAME: 1586,
  /** MySQL's name; MariaDB calls it ER_DUP_CONSTRAINT_NAME. */
  ER_FK_DUP_NAME: 1826,
  /** MySQL alone. */
  ER_CHECK_CONSTRAINT_DUP_NAME: 3822,

  // It is not there.
  ER_BAD_DB_ERROR: 1049,
  ER_BAD_FIELD_ERROR: 1054,
  ER_PASSWORD_NO_MATCH: 1133,
  ER_NONEXISTING_GRANT: 1141,
  ER_UNKNOWN_SYSTEM_VARIABLE: 1193,
  ER_SP_DOES_NOT_EXIST: 1305,
  ER_NO_SUCH_USER: 1449,

  // This account may not.
  /** This database. */
  ER_DBACCESS_DENIED_ERROR: 1044,
  /** This account or password. */
  ER_ACCESS_DENIED_ERROR: 1045,
  /** This client's host. */
  ER_HOST_NOT_PRIVILEGED: 1130,
  ER_TABLEACCESS_DENIED_ERROR: 1142,
  ER_COLUMNACCESS_DENIED_ERROR: 1143,
  /** SUPER and the like. */
  ER_SPECIFIC_ACCESS_DENIED_ERROR: 1227,
  ER_PROCACCESS_DENIED_ERROR: 1370,
  ER_BINLOG_CREATE_ROUTINE_NEED_SUPER: 1419,
  /** An account without password, such as one of unix_socket. */
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 1698,
  ER_MUST_CHANGE_PASSWORD: 1820,
  ER_MUST_CHANGE_PASSWORD_LOGIN: 1862,
  /** MySQL's number, and MariaDB's. */
  ER_ACCOUNT_HAS_BEEN_LOCKED: [3118, 4151],
  /** MySQL alone. */
  ER_SECURE_TRANSPORT_REQUIRED: 3159,

  // The server does not do that.
  /** Other options than read_only answer so, too. */
  ER_OPTION_PREVENTS_STATEMENT: 1290,
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: 1792,
  ER_READ_ONLY_MODE: 1836,
  ER_ALTER_OPERATION_NOT_SUPPORTED: 1845,
  ER_ALTER_OPERATION_NOT_SUPPORTED_REASON: 1846,
  /** MySQL alone: as many instant changes as a table may have. Before 9.1, and from 9.1. */
  ER_INNODB_MAX_ROW_VERSION: [4080, 4092],

  // No connection, or none any more.
  ER_CON_COUNT_ERROR: 1040,
  /** Galera sends it as "WSREP has not yet prepared node for application use". */
  ER_UNKNOWN_COM_ERROR: 1047,
  ER_SERVER_SHUTDOWN: 1053,
  ER_HOST_IS_BLOCKED: 1129,
  ER_ABORTING_CONNECTION: 1152,
  ER_NET_READ_INTERRUPTED: 1159,
  ER_NET_WRITE_INTERRUPTED: 1161,
  ER_NEW_ABORTING_CONNECTION: 1184,
  ER_TOO_MANY_USER_CONNECTIONS: 1203,
  ER_USER_LIMIT_REACHED: 1226,
  /** MariaDB alone. */
  ER_CONNECTION_KILLED: 1927,
  /** MySQL alone. */
  ER_SESSION_WAS_KILLED: 3169,
  /** MySQL alone. */
  ER_CLIENT_INTERACTION_TIMEOUT: 4031,
  CR_SERVER_GONE_ERROR: 2006,
  /** As in the C client: the connection ended without a word of the server. */
  CR_SERVER_LOST: 2013,
} as const satisfies Record<string, number | readonly number[]>;

export type ErrorName = keyof typeof errorNumbers;
