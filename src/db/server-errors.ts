import { redact } from "./redact.ts";

/**
 * The numbers of the servers' errors, each named once. MariaDB and MySQL agree below 1900;
 * above, each number belongs to one of them, so a set may simply hold both.
 */
const lockTimeout = [1205];
const deadlock = [1213];
const killed = [
  1317, // ER_QUERY_INTERRUPTED: KILL QUERY
];
const duplicateObject = [
  1007, // ER_DB_CREATE_EXISTS
  1022, // ER_DUP_KEY: the answer of older versions to a second foreign key of one name
  1050, // ER_TABLE_EXISTS_ERROR
  1060, // ER_DUP_FIELDNAME
  1061, // ER_DUP_KEYNAME
  1068, // ER_MULTIPLE_PRI_KEY
  1304, // ER_SP_ALREADY_EXISTS
  1359, // ER_TRG_ALREADY_EXISTS
  1826, // ER_DUP_CONSTRAINT_NAME (MariaDB), ER_FK_DUP_NAME (MySQL)
  3822, // MySQL, ER_CHECK_CONSTRAINT_DUP_NAME
];
const duplicateRow = [
  1062, // ER_DUP_ENTRY
  1586, // ER_DUP_ENTRY_WITH_KEY_NAME
];
const accessDenied = [
  1044, // ER_DBACCESS_DENIED_ERROR: this database
  1045, // ER_ACCESS_DENIED_ERROR: this account or password
  1130, // ER_HOST_NOT_PRIVILEGED: this client's host
  1142, // ER_TABLEACCESS_DENIED_ERROR
  1143, // ER_COLUMNACCESS_DENIED_ERROR
  1227, // ER_SPECIFIC_ACCESS_DENIED_ERROR: SUPER and the like
  1370, // ER_PROCACCESS_DENIED_ERROR
  1419, // ER_BINLOG_CREATE_ROUTINE_NEED_SUPER
  1698, // ER_ACCESS_DENIED_NO_PASSWORD_ERROR: an account without password, such as unix_socket
  1820, // ER_MUST_CHANGE_PASSWORD
  1862, // ER_MUST_CHANGE_PASSWORD_LOGIN
  3118, // MySQL, ER_ACCOUNT_HAS_BEEN_LOCKED
  3159, // MySQL, ER_SECURE_TRANSPORT_REQUIRED
  4151, // MariaDB, ER_ACCOUNT_HAS_BEEN_LOCKED
];
const unknownDatabase = [1049];
const unknownColumn = [1054];
const unknownVariable = [1193];
const algorithmRefused = [
  1845, // ER_ALTER_OPERATION_NOT_SUPPORTED
  1846, // ER_ALTER_OPERATION_NOT_SUPPORTED_REASON
  4080, // MySQL before 9.1: as many instant changes as a table may have
  4092, // MySQL from 9.1: the same
];
const readOnly = [
  1792, // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
  1836, // ER_READ_ONLY_MODE
];
const tooManyConnections = [
  1040, // ER_CON_COUNT_ERROR
  1129, // ER_HOST_IS_BLOCKED
  1203, // ER_TOO_MANY_USER_CONNECTIONS
  1226, // ER_USER_LIMIT_REACHED
];
const nodeNotReady = [
  1047, // ER_UNKNOWN_COM_ERROR, which Galera sends as "WSREP has not yet prepared node for application use"
];
const connectionLost = [
  1053, // ER_SERVER_SHUTDOWN
  1152, // ER_ABORTING_CONNECTION
  1159, // ER_NET_READ_INTERRUPTED
  1161, // ER_NET_WRITE_INTERRUPTED
  1184, // ER_NEW_ABORTING_CONNECTION
  1927, // MariaDB, ER_CONNECTION_KILLED
  2006, // CR_SERVER_GONE_ERROR
  2013, // CR_SERVER_LOST: also what we call every socket that ended
  3169, // MySQL, ER_SESSION_WAS_KILLED
  4031, // MySQL, ER_CLIENT_INTERACTION_TIMEOUT
];

/** The number that a connection gets that ended without a word of the server, as in the C client. */
export const SERVER_LOST = 2013;

/** What a server said no with. The only error of src/db/ besides MigrateError; the driver's own never leave it. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  /** The server's number, such as 1205. */
  readonly code: number;
  /** Five characters, such as HY000. */
  readonly sqlState: string;
  /** The statement, without passwords; undefined where no statement was running. */
  readonly statement: string | undefined;
  /** What is done by then, and what to do: where somebody knows better than that nothing is known. */
  circumstances?: Circumstances;

  constructor(failure: {
    code: number;
    sqlState?: string | undefined;
    message: string;
    statement?: string | undefined;
  }) {
    super(redact(failure.message));
    this.code = failure.code;
    this.sqlState = failure.sqlState ?? "HY000";
    this.statement = failure.statement === undefined ? undefined : redact(failure.statement);
  }
}

interface Circumstances {
  readonly done: string;
  readonly next: readonly string[];
}

/** Whatever the server refuses meanwhile is told with these words. */
export async function withCircumstances<T>(tell: () => Circumstances, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServerError) error.circumstances ??= tell();
    throw error;
  }
}

function predicate(codes: readonly number[]): (error: unknown) => error is ServerError {
  const set = new Set(codes);
  return (error): error is ServerError => error instanceof ServerError && set.has(error.code);
}

/** A row or metadata lock was not given within innodb_lock_wait_timeout or lock_wait_timeout. */
export const isLockTimeout = predicate(lockTimeout);
/** The server took this session as the victim. On Galera every lost certification is one. Try again. */
export const isDeadlock = predicate(deadlock);
/** The statement was ended by KILL QUERY; the session lives. */
export const isKilled = predicate(killed);
export const isUnknownVariable = predicate(unknownVariable);
export const isUnknownColumn = predicate(unknownColumn);
/** The server would have to do more than the ALGORITHM and LOCK that were written allow. */
export const isAlgorithmRefused = predicate(algorithmRefused);
/** A unique key has this value already. */
export const isDuplicateRow = predicate(duplicateRow);
const isListedDuplicate = predicate(duplicateObject);

/**
 * What was to be made is there: look at the catalog again. MariaDB says so of a foreign key with
 * 1005, "can't create table", and InnoDB's own number 121 in the text.
 */
export function isDuplicateObject(error: unknown): error is ServerError {
  return (
    isListedDuplicate(error) ||
    (error instanceof ServerError && error.code === 1005 && /errno: 121\b/.test(error.message))
  );
}

/** This account may not do that, or may not even connect. */
export const isAccessDenied = predicate(accessDenied);
/** The database is not there, or this account may not see it. */
export const isUnknownDatabase = predicate(unknownDatabase);
const isListedReadOnly = predicate(readOnly);

/** The server, or the transaction, takes no writes. 1290 is the answer of other options, too. */
export function isReadOnly(error: unknown): error is ServerError {
  return (
    isListedReadOnly(error) ||
    (error instanceof ServerError && error.code === 1290 && /read[-_]only/.test(error.message))
  );
}

/** The server is there, but takes no more connections from here. */
export const isTooManyConnections = predicate(tooManyConnections);
/** A Galera node that has not joined, or has lost the cluster. */
export const isNodeNotReady = predicate(nodeNotReady);
/** The session is gone. Whether its last statement was done is unknown. */
export const isConnectionLost = predicate(connectionLost);

/** The values of a row are wrong: nothing about locks, privileges or the connection. */
export function isRefusal(error: unknown): error is ServerError {
  return error instanceof ServerError && (error.sqlState.startsWith("22") || error.sqlState.startsWith("23"));
}
