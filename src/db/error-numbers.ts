/**
 * Error numbers by the servers' own names, as in their manuals. MariaDB and MySQL agree below 1900. Above, each
 * number belongs to only one of them, so a list can hold the numbers of both.
 */
export const errorNumbers = {
  // Other sessions are in the way.
  ER_LOCK_WAIT_TIMEOUT: 1205,
  ER_LOCK_DEADLOCK: 1213,
  /** The answer to KILL QUERY. */
  ER_QUERY_INTERRUPTED: 1317,

  // The object or row already exists.
  ER_CANT_CREATE_TABLE: 1005,
  ER_DB_CREATE_EXISTS: 1007,
  /** Older versions report a second foreign key of the same name by it. */
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
  /** Only MySQL. */
  ER_CHECK_CONSTRAINT_DUP_NAME: 3822,

  // The object does not exist.
  ER_BAD_DB_ERROR: 1049,
  ER_BAD_FIELD_ERROR: 1054,
  ER_TOO_LONG_IDENT: 1059,
  ER_WRONG_DB_NAME: 1102,
  ER_PASSWORD_NO_MATCH: 1133,
  ER_NONEXISTING_GRANT: 1141,
  ER_UNKNOWN_SYSTEM_VARIABLE: 1193,
  ER_SP_DOES_NOT_EXIST: 1305,
  ER_NO_SUCH_USER: 1449,

  // The account has no permission.
  /** For this database. */
  ER_DBACCESS_DENIED_ERROR: 1044,
  /** Wrong account or password. */
  ER_ACCESS_DENIED_ERROR: 1045,
  /** Not from this client's host. */
  ER_HOST_NOT_PRIVILEGED: 1130,
  ER_TABLEACCESS_DENIED_ERROR: 1142,
  ER_COLUMNACCESS_DENIED_ERROR: 1143,
  /** SUPER or a similar privilege is missing. */
  ER_SPECIFIC_ACCESS_DENIED_ERROR: 1227,
  ER_PROCACCESS_DENIED_ERROR: 1370,
  ER_BINLOG_CREATE_ROUTINE_NEED_SUPER: 1419,
  /** An account without a password, such as one with unix_socket. */
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 1698,
  ER_MUST_CHANGE_PASSWORD: 1820,
  ER_MUST_CHANGE_PASSWORD_LOGIN: 1862,
  /** MySQL's number and MariaDB's number. */
  ER_ACCOUNT_HAS_BEEN_LOCKED: [3118, 4151],
  /** Only MySQL. */
  ER_SECURE_TRANSPORT_REQUIRED: 3159,

  // Warnings.
  /** MySQL's about tinyint(1). There is no other spelling, and clients read it as a boolean. */
  ER_WARN_DEPRECATED_SYNTAX_NO_REPLACEMENT: 1681,

  // The server refuses the statement.
  /** Reported for read_only and for other options. */
  ER_OPTION_PREVENTS_STATEMENT: 1290,
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: 1792,
  ER_READ_ONLY_MODE: 1836,
  ER_ALTER_OPERATION_NOT_SUPPORTED: 1845,
  ER_ALTER_OPERATION_NOT_SUPPORTED_REASON: 1846,
  /** Only MySQL: the table has the maximum number of instant changes. Before 9.1, and from 9.1. */
  ER_INNODB_MAX_ROW_VERSION: [4080, 4092],
  /** Only MySQL: a row could be too long for an instant change. The second since columns are dropped instantly, too. */
  ER_INNODB_INSTANT_ADD_NOT_SUPPORTED_MAX_SIZE: 4093,
  ER_INNODB_INSTANT_ADD_DROP_NOT_SUPPORTED_MAX_SIZE: 4157,

  // A table cannot be used: its file is gone or damaged.
  ER_CANT_OPEN_FILE: 1016,
  ER_FILE_NOT_FOUND: 1017,
  /** The engine's own number, without a name. */
  ER_GET_ERRNO: 1030,
  ER_NOT_FORM_FILE: 1033,
  ER_NOT_KEYFILE: 1034,
  ER_CRASHED_ON_USAGE: 1194,
  ER_CRASHED_ON_REPAIR: 1195,
  ER_TABLESPACE_MISSING: 1812,
  ER_TABLESPACE_DISCARDED: 1814,
  ER_TABLE_CORRUPT: 1877,
  /** Only MariaDB. */
  ER_NO_SUCH_TABLE_IN_ENGINE: 1932,

  // A limit of the server is met.
  ER_OUT_OF_SORTMEMORY: 1038,
  ER_OUTOFMEMORY: 1037,
  ER_OUT_OF_RESOURCES: 1041,
  ER_TOO_MANY_KEYS: 1069,
  ER_TOO_BIG_ROWSIZE: 1118,
  ER_NET_PACKET_TOO_LARGE: 1153,
  ER_LOCK_TABLE_FULL: 1206,
  /** The log of what others changed during an online ALTER. */
  ER_INNODB_ONLINE_LOG_TOO_BIG: 1799,

  // A disk is full.
  ER_ERROR_ON_WRITE: 1026,
  ER_DISK_FULL: 1021,
  ER_RECORD_FILE_FULL: 1114,
  ER_TEMP_FILE_WRITE_FAILURE: 1878,

  // The server's own tables.
  ER_NO_SUCH_TABLE: 1146,
  ER_COL_COUNT_DOESNT_MATCH_PLEASE_UPDATE: 1558,
  ER_CANNOT_LOAD_FROM_TABLE_V2: 1728,
  ER_COL_COUNT_DOESNT_MATCH_CORRUPTED_V2: 1805,

  /** Only MariaDB: the table keeps its history, which an ALTER would change. */
  ER_VERS_ALTER_NOT_ALLOWED: 4119,

  // There is no connection, or it was lost.
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
  /** Only MariaDB. */
  ER_CONNECTION_KILLED: 1927,
  /** Only MySQL. */
  ER_SESSION_WAS_KILLED: 3169,
  /** Only MySQL. */
  ER_CLIENT_INTERACTION_TIMEOUT: 4031,
  CR_SERVER_GONE_ERROR: 2006,
  /** As in the C client: the connection ended without a message of the server. */
  CR_SERVER_LOST: 2013,
} as const satisfies Record<string, number | readonly number[]>;

export type ErrorName = keyof typeof errorNumbers;
