import type { Next } from "../hint.ts";
import { type ErrorName, errorNumbers } from "./error-numbers.ts";
import { redact } from "./redact.ts";

/** An error that the server reported. src/db/ throws only this and MigrateError, never the driver's errors. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  /** The server's number, such as 1205. */
  readonly code: number;
  /** Five characters, such as HY000. */
  readonly sqlState: string;
  /** The statement, without passwords; undefined if no statement was running. */
  readonly statement: string | undefined;
  /** Overrides the default text, which says that the outcome is unknown. */
  circumstances?: Circumstances;
  /** Something was changed before it, by the same run. */
  afterChanges = false;

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
  readonly next: readonly Next[];
}

/** The answer, or undefined if the server refuses the question: a view, a table or a privilege is missing. */
export async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ServerError) return undefined;
    throw error;
  }
}

/** Runs `work` and adds `tell()` to every ServerError that it throws. */
export async function withCircumstances<T>(tell: () => Circumstances, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServerError) error.circumstances ??= tell();
    throw error;
  }
}

/** A predicate for errors of these names. */
export function serverErrorNamed(...names: readonly ErrorName[]): (error: unknown) => error is ServerError {
  const numbers = new Set<number>(names.flatMap((name) => errorNumbers[name]));
  return (error): error is ServerError => error instanceof ServerError && numbers.has(error.code);
}

/** True if a row or metadata lock was not granted within innodb_lock_wait_timeout or lock_wait_timeout. */
export const isLockTimeout = serverErrorNamed("ER_LOCK_WAIT_TIMEOUT");
/** True if the server chose this session as the deadlock victim; on Galera also for a failed certification. Retry. */
export const isDeadlock = serverErrorNamed("ER_LOCK_DEADLOCK");
/** True if KILL QUERY ended the statement; the session continues. */
export const isKilled = serverErrorNamed("ER_QUERY_INTERRUPTED");
export const isUnknownVariable = serverErrorNamed("ER_UNKNOWN_SYSTEM_VARIABLE");
export const isUnknownColumn = serverErrorNamed("ER_BAD_FIELD_ERROR");
/** True if the server cannot do the change with the given ALGORITHM and LOCK. */
export const isAlgorithmRefused = serverErrorNamed(
  "ER_ALTER_OPERATION_NOT_SUPPORTED",
  "ER_ALTER_OPERATION_NOT_SUPPORTED_REASON",
  "ER_INNODB_MAX_ROW_VERSION",
  "ER_INNODB_INSTANT_ADD_NOT_SUPPORTED_MAX_SIZE",
  "ER_INNODB_INSTANT_ADD_DROP_NOT_SUPPORTED_MAX_SIZE",
);
/** True if the table keeps its history, and the server changes no such table unless it is told how. */
export const isHistoryKept = serverErrorNamed("ER_VERS_ALTER_NOT_ALLOWED");
/** True if a unique key already has this value. */
export const isDuplicateRow = serverErrorNamed("ER_DUP_ENTRY", "ER_DUP_ENTRY_WITH_KEY_NAME");
const isCantCreateTable = serverErrorNamed("ER_CANT_CREATE_TABLE");
const isListedDuplicate = serverErrorNamed(
  "ER_DB_CREATE_EXISTS",
  "ER_DUP_KEY",
  "ER_TABLE_EXISTS_ERROR",
  "ER_DUP_FIELDNAME",
  "ER_DUP_KEYNAME",
  "ER_MULTIPLE_PRI_KEY",
  "ER_SP_ALREADY_EXISTS",
  "ER_TRG_ALREADY_EXISTS",
  "ER_FK_DUP_NAME",
  "ER_CHECK_CONSTRAINT_DUP_NAME",
);

/**
 * True if the object to be created exists already: read the catalog again. For a foreign key, MariaDB reports
 * ER_CANT_CREATE_TABLE with InnoDB's own number 121 in the text.
 */
export function isDuplicateObject(error: unknown): error is ServerError {
  return isListedDuplicate(error) || (isCantCreateTable(error) && /errno: 121\b/.test(error.message));
}

/** True for MySQL's warning about a display width, as in tinyint(1). */
export function isDisplayWidth(warning: { readonly code: number }): boolean {
  return warning.code === errorNumbers.ER_WARN_DEPRECATED_SYNTAX_NO_REPLACEMENT;
}

/** True if the account lacks a privilege, or may not connect. */
export const isAccessDenied = serverErrorNamed(
  "ER_DBACCESS_DENIED_ERROR",
  "ER_ACCESS_DENIED_ERROR",
  "ER_HOST_NOT_PRIVILEGED",
  "ER_TABLEACCESS_DENIED_ERROR",
  "ER_COLUMNACCESS_DENIED_ERROR",
  "ER_SPECIFIC_ACCESS_DENIED_ERROR",
  "ER_PROCACCESS_DENIED_ERROR",
  "ER_BINLOG_CREATE_ROUTINE_NEED_SUPER",
  "ER_ACCESS_DENIED_NO_PASSWORD_ERROR",
  "ER_MUST_CHANGE_PASSWORD",
  "ER_MUST_CHANGE_PASSWORD_LOGIN",
  "ER_ACCOUNT_HAS_BEEN_LOCKED",
  "ER_SECURE_TRANSPORT_REQUIRED",
);
/** True if the account may not use the named database, or the database does not exist. */
export const isDatabaseDenied = serverErrorNamed("ER_DBACCESS_DENIED_ERROR");
/** True for an account that logs in without a password, such as one with unix_socket. */
export const isPasswordUseless = serverErrorNamed("ER_ACCESS_DENIED_NO_PASSWORD_ERROR");
/** True if the server accepts only connections with TLS. */
export const isTlsRequired = serverErrorNamed("ER_SECURE_TRANSPORT_REQUIRED");
/** True if the database does not exist, or the account may not see it. */
export const isUnknownDatabase = serverErrorNamed("ER_BAD_DB_ERROR");
const isPreventedByOption = serverErrorNamed("ER_OPTION_PREVENTS_STATEMENT");
const isListedReadOnly = serverErrorNamed("ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION", "ER_READ_ONLY_MODE");

/** True if the server or the transaction is read-only. */
export function isReadOnly(error: unknown): error is ServerError {
  return isListedReadOnly(error) || (isPreventedByOption(error) && /read[-_]only/.test(error.message));
}

/** True if the server runs with --skip-grant-tables, and so has no accounts. */
export function isWithoutGrantTables(error: unknown): error is ServerError {
  return isPreventedByOption(error) && error.message.includes("--skip-grant-tables");
}

/** True for a Galera node that has not joined the cluster, or has lost it. */
export const isNodeNotReady = serverErrorNamed("ER_UNKNOWN_COM_ERROR");
/** True if the session has ended. The outcome of its last statement is unknown. */
export const isConnectionLost = serverErrorNamed(
  "ER_SERVER_SHUTDOWN",
  "ER_ABORTING_CONNECTION",
  "ER_NET_READ_INTERRUPTED",
  "ER_NET_WRITE_INTERRUPTED",
  "ER_NEW_ABORTING_CONNECTION",
  "ER_CONNECTION_KILLED",
  "CR_SERVER_GONE_ERROR",
  "CR_SERVER_LOST",
  "ER_SESSION_WAS_KILLED",
  "ER_CLIENT_INTERACTION_TIMEOUT",
);

/** True if a table cannot be used: its file is gone or damaged. */
export const isDamagedTable = serverErrorNamed(
  "ER_CANT_OPEN_FILE",
  "ER_FILE_NOT_FOUND",
  "ER_GET_ERRNO",
  "ER_NOT_FORM_FILE",
  "ER_NOT_KEYFILE",
  "ER_CRASHED_ON_USAGE",
  "ER_CRASHED_ON_REPAIR",
  "ER_TABLESPACE_MISSING",
  "ER_TABLESPACE_DISCARDED",
  "ER_TABLE_CORRUPT",
  "ER_NO_SUCH_TABLE_IN_ENGINE",
);

/** True if the server found no room for a table or for its temporary files. */
export const isDiskFull = serverErrorNamed(
  "ER_ERROR_ON_WRITE",
  "ER_DISK_FULL",
  "ER_RECORD_FILE_FULL",
  "ER_TEMP_FILE_WRITE_FAILURE",
);

const isListedOutdated = serverErrorNamed(
  "ER_COL_COUNT_DOESNT_MATCH_PLEASE_UPDATE",
  "ER_CANNOT_LOAD_FROM_TABLE_V2",
  "ER_COL_COUNT_DOESNT_MATCH_CORRUPTED_V2",
);
const isMissingTable = serverErrorNamed("ER_NO_SUCH_TABLE");

/** True if the server's own tables are those of an older version: it was upgraded, and they were not. */
export function isOutdatedSystemTable(error: unknown): error is ServerError {
  return isListedOutdated(error) || (isMissingTable(error) && error.message.includes("'mysql."));
}

/** True if the server rejected the values of a row; false for locks, privileges and the connection. */
export function isRefusal(error: unknown): error is ServerError {
  return error instanceof ServerError && (error.sqlState.startsWith("22") || error.sqlState.startsWith("23"));
}
