/** Limits and states of an account or a server that refuse a connection, each with what ends it. */
import { unblockHost } from "../dialect/unknown-server.ts";
import { type ErrorCode, MigrateError } from "../errors.ts";
import type { Next } from "../hint.ts";
import { text } from "../sql.ts";
import { clientCommand } from "./client-command.ts";
import type { Target } from "./db.ts";
import { ServerError, isConnectionLost, serverErrorNamed } from "./server-errors.ts";

export interface Refusal {
  readonly code: ErrorCode;
  readonly what: string;
  readonly next: Next | readonly Next[];
  readonly wanted?: string;
}

/** What this error of the server says about the login; undefined if it is about something else. */
export function loginRefusal(error: ServerError, target: Target): Refusal | undefined {
  return refusals.find(([applies]) => applies(error))?.[1](target, error);
}

/** True if no session could be opened, but a server said why: it is there, and its network is not silent. */
export function isRefusedByServer(error: unknown): boolean {
  const answer = error instanceof MigrateError ? error.cause : error;
  return answer instanceof ServerError && !isConnectionLost(answer);
}

// --- internal ---

const refusals: readonly [(error: unknown) => boolean, (target: Target, error: ServerError) => Refusal][] = [
  [serverErrorNamed("ER_USER_LIMIT_REACHED"), limitReached],
  [serverErrorNamed("ER_TOO_MANY_USER_CONNECTIONS"), serverLimitReached],
  [serverErrorNamed("ER_CON_COUNT_ERROR"), serverFull],
  [serverErrorNamed("ER_HOST_IS_BLOCKED"), hostBlocked],
  [serverErrorNamed("ER_MUST_CHANGE_PASSWORD", "ER_MUST_CHANGE_PASSWORD_LOGIN"), passwordExpired],
  [serverErrorNamed("ER_ACCOUNT_HAS_BEEN_LOCKED"), accountLocked],
  [serverErrorNamed("ER_WRONG_DB_NAME", "ER_TOO_LONG_IDENT"), wrongName],
];

/** "User 'me' has exceeded the 'max_user_connections' resource (current value: 1)": a limit of the account itself. */
function limitReached(target: Target, { message }: ServerError): Refusal {
  const [, resource = "limit", value = "0"] = /'(max_\w+)' resource \(current value: (\d+)\)/.exec(message) ?? [];
  const name = resource.toUpperCase();
  const isHourly = name.endsWith("_PER_HOUR");
  return {
    code: "UNREACHABLE",
    what: `the limit ${name} ${value} of this account is reached`,
    wanted: isHourly
      ? "more within an hour"
      : "3 sessions at the same time for a run, and those that the account has now",
    next: [
      `ALTER USER ${accountOf(target)} WITH ${name} ${isHourly ? 0 : Number(value) + 3};   -- ${hostNote}`,
      isHourly ? "or wait: the server counts anew after an hour" : "or end other sessions of this account",
    ],
  };
}

/** The server's own limit for each account. */
function serverLimitReached(target: Target): Refusal {
  return {
    code: "UNREACHABLE",
    what: "this account has reached the number of connections that the server allows an account",
    next: [
      `SHOW GLOBAL VARIABLES LIKE 'max_user_connections';   -- then, as an administrator: SET GLOBAL max_user_connections = NUMBER;`,
      `ALTER USER ${accountOf(target)} WITH MAX_USER_CONNECTIONS 10;   -- or only for this account; ${hostNote}`,
    ],
  };
}

function serverFull(target: Target): Refusal {
  return {
    code: "UNREACHABLE",
    what: "the server accepts no more connections now: max_connections is reached",
    next: [
      `list the sessions, as an administrator, who has one connection more: ${clientCommand({ ...target, user: "root" }, "SHOW PROCESSLIST", "")}`,
      "then end some of them, or SET GLOBAL max_connections = NUMBER",
    ],
  };
}

function hostBlocked(): Refusal {
  return {
    code: "UNREACHABLE",
    what: "the server has blocked this machine after many failed connections",
    next: unblockHost,
  };
}

function passwordExpired(target: Target): Refusal {
  return {
    code: "ACCESS_DENIED",
    what: "the password of this account has expired",
    next: `ALTER USER ${accountOf(target)} IDENTIFIED BY 'NEW_PASSWORD';   -- as an administrator; ${hostNote}`,
  };
}

function accountLocked(target: Target): Refusal {
  return {
    code: "ACCESS_DENIED",
    what: "this account is locked",
    next: `ALTER USER ${accountOf(target)} ACCOUNT UNLOCK;   -- as an administrator; ${hostNote}`,
  };
}

function wrongName(target: Target): Refusal {
  return {
    code: "UNKNOWN_DATABASE",
    what: `${JSON.stringify(target.database)} cannot be the name of a database`,
    wanted: "at most 64 characters, and no blank or line end behind the last one",
    next: [
      `list the databases that this account sees: ${clientCommand(target, "SHOW DATABASES", "")}`,
      "then give the right name: --database NAME, or --url mysql://USER@HOST:PORT/NAME",
    ],
  };
}

const hostNote = "HOST as in SELECT User, Host FROM mysql.user";

function accountOf({ user }: Target): string {
  return `${text(user)}@'HOST'`;
}
