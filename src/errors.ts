import type { Next } from "./hint.ts";

/** What an exit code of the program says, in words for src/cli/README.md. Exit codes are part of the contract. */
export const exitCodes = {
  0: "done, up to date, or equal",
  1: "`status`: something is pending or needs attention; `plan --check`: something is pending; `verify`: something differs",
  2: "failed, or the server does not answer; the message says what was done and what was not done",
  3: "another run holds the lease",
  4: "refused: the message says why and what to do; or the answer to the question was no. Nothing was changed. If the run had already changed something, the exit code is 2",
  64: "the command line is wrong, or a question could not be asked",
  78: "the server refuses the account, the database does not exist, an option file or a folder of migrations cannot be used, no server for tests can be started, or Node is too old",
  130: "stopped by Ctrl-C: the first Ctrl-C waits for the running statement, the second ends that statement on the server",
} as const;

/** Every failure that a person may meet has a code of this catalogue. scripts/usage.ts prints the meanings. */
export const catalogue = {
  USAGE: { exit: 64, meaning: "the command line is wrong" },
  NO_TERMINAL: { exit: 64, meaning: "a question needs an answer, but there is no terminal" },
  PASSWORD_IN_URL: {
    exit: 64,
    meaning: "a URL on the command line contains a password, and every process list would show it",
  },
  CONFIGURATION: {
    exit: 78,
    meaning: "an option file, an environment variable or a folder of migrations cannot be used",
  },
  UNREACHABLE: { exit: 2, meaning: "the server does not answer" },
  ACCESS_DENIED: { exit: 78, meaning: "the server refuses this account or password" },
  UNKNOWN_DATABASE: { exit: 78, meaning: "the database does not exist, or this account cannot see it" },
  NOT_ISPYB: { exit: 4, meaning: "the database does not have the tables that every ISPyB has" },
  SERVER_UNSUPPORTED: { exit: 4, meaning: "the server is older than the oldest supported version" },
  SERVER_READ_ONLY: { exit: 4, meaning: "the server is read-only, usually because it is a replica" },
  SERVER_IS_REPLICA: {
    exit: 4,
    meaning: "this server is a replica: make the change on the server that it copies",
  },
  NODE_NOT_SYNCED: { exit: 4, meaning: "this node of a Galera cluster has not received every change yet" },
  SESSION_MOVED: {
    exit: 4,
    meaning:
      "a proxy sends the statements of one session to more than one server, or replaces the session by another one without an error",
  },
  CONFLICT: {
    exit: 4,
    meaning: "something is in the way: an object, rows, a missing object, or a limit of the server",
  },
  WOULD_STALL: {
    exit: 4,
    meaning: "a step would keep other sessions waiting for long, or for an unknown time: --allow-stall was not given",
  },
  MISSING_PRIVILEGE: { exit: 4, meaning: "the account lacks a privilege that the command needs" },
  DECLINED: { exit: 4, meaning: "the question was answered with no" },
  ORPHANS: { exit: 4, meaning: "rows refer to parent rows that do not exist" },
  HISTORY_CHANGED: { exit: 4, meaning: "an applied migration was edited, renamed or removed" },
  UNKNOWN_OUTCOME: {
    exit: 4,
    meaning: "a statement of a .sql file was cut off, and nothing shows whether it took effect",
  },
  LATE_MIGRATION: { exit: 4, meaning: "a pending migration sorts before one that is already applied" },
  STORY_INVALID: {
    exit: 64,
    meaning: "the story cannot be used: its file or its name; errors in its text are listed with their lines",
  },
  BASE_INVALID: { exit: 64, meaning: "a base schema cannot be read; the file and line are named" },
  NOT_MIGRATED: { exit: 4, meaning: "the tables of processing jobs are missing, or migrations are not applied" },
  ROWS_IN_USE: { exit: 4, meaning: "other rows refer to rows that would be deleted" },
  DATA_LOSS: {
    exit: 4,
    meaning: "rows or values would be lost: --allow-data-loss was not given, or they cannot be saved first",
  },
  SAVE_FAILED: { exit: 2, meaning: "rows could not be saved, so they were not deleted" },
  LEASE_HELD: { exit: 3, meaning: "another run is changing this database: it holds the lease" },
  LEASE_LOST: { exit: 2, meaning: "another run took over the lease while this run was working" },
  STATEMENT_FAILED: { exit: 2, meaning: "the server refused a statement" },
  LOCK_TIMEOUT: { exit: 2, meaning: "other sessions kept a table or a row locked for too long" },
  DRIFT: { exit: 4, meaning: "the journal records an object as applied, but it is missing or different in the schema" },
  VERIFY_FAILED: { exit: 2, meaning: "after the run the schema differs from what the migrations describe" },
  NO_SERVER: { exit: 78, meaning: "no database server could be found or started on this machine" },
  SERVER_START: { exit: 2, meaning: "a private server was found but did not start" },
  INTERRUPTED: { exit: 130, meaning: "the run was stopped by a signal" },
  INTERNAL: { exit: 2, meaning: "a bug in this tool" },
} as const satisfies Record<string, { readonly exit: keyof typeof exitCodes; readonly meaning: string }>;

export type ErrorCode = keyof typeof catalogue;

/** What a person at 3 a.m. needs, in the order in which it is printed. */
export interface Details {
  /** The object it happened on: a table, a step, a server, a file. */
  readonly where?: string;
  /** What was found there. */
  readonly found?: string | readonly string[];
  /** What was wanted instead. */
  readonly wanted?: string | readonly string[];
  /** What was done and what was not. Left out where nothing could have been. */
  readonly done?: string;
  /** The exact next command, or the few choices. */
  readonly next?: Next | readonly Next[];
  /** Something was changed before: see `exit`. */
  readonly afterChanges?: boolean;
  readonly cause?: unknown;
}

/** The only error class that leaves the library. Its text never holds a password. */
export class MigrateError extends Error {
  override readonly name = "MigrateError";
  readonly code: ErrorCode;
  readonly details: Details;

  constructor(code: ErrorCode, what: string, details: Details = {}) {
    super(what, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  /** That of the catalogue; 2 in place of 4 after a first change, because 4 says that nothing was changed. */
  get exit(): number {
    const { exit } = catalogue[this.code];
    return exit === 4 && this.details.afterChanges === true ? 2 : exit;
  }
}

/** The same error, which also says this. */
export function appendOutcome(error: unknown, what: string): unknown {
  if (!(error instanceof MigrateError)) return error;
  const { done } = error.details;
  return new MigrateError(error.code, error.message, {
    ...error.details,
    done: done === undefined ? what : `${done}; ${what}`,
  });
}

/** A detail as a list, whether it is there once, several times or not at all. */
export function asList<T extends string | object>(given: T | readonly T[] | undefined): readonly T[] {
  return given === undefined ? [] : isList(given) ? given : [given];
}

/** What anything that was thrown says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given);
}
