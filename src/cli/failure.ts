import { redact } from "../db/redact.ts";
import {
  ServerError,
  isAccessDenied,
  isConnectionLost,
  isDamagedTable,
  isDeadlock,
  isLockTimeout,
  isOutdatedSystemTable,
  isReadOnly,
} from "../db/server-errors.ts";
import type { Caller } from "../documents/caller.ts";
import { type FailureDocument, failureDocument } from "../documents/failure.ts";
import { type ErrorCode, MigrateError, messageOf } from "../errors.ts";
import { hint } from "../hint.ts";
import { upgradeSystemTables } from "../dialect/unknown-server.ts";
import { shortenStatement } from "../shorten-statement.ts";
import type { Paint } from "./output.ts";

/** Every error as one of the catalogue. */
export function toMigrateError(error: unknown): MigrateError {
  if (error instanceof MigrateError) return error;
  if (error instanceof ServerError) return fromServer(error);
  return new MigrateError("INTERNAL", messageOf(error), {
    next: "run it again with --verbose, and report what it prints",
    cause: error,
  });
}

/** What is printed of a failure. A fault of our own in the rest of it, such as a hint, does not hide its code and message. */
export function describeFailure(failure: MigrateError, secrets: readonly string[], caller: Caller): FailureDocument {
  try {
    return failureDocument(failure, secrets, caller);
  } catch (own) {
    const { code, message } = failure;
    const details = {
      found: `the rest of this error could not be printed: ${messageOf(own)}`,
      next: "report this, with the command line",
    };
    return failureDocument(new MigrateError(code, message, details), secrets, caller);
  }
}

/** The block that a person reads: what failed, where, what was found there, and what to do next. */
export function failureText(failure: FailureDocument, paint: Paint): string {
  const fields: [string, readonly string[]][] = [
    ["where", failure.where === null ? [] : [failure.where]],
    ["found", failure.found],
    ["wanted", failure.wanted],
    ["done", failure.done === null ? [] : [failure.done]],
    ["next", failure.next],
  ];
  const block = fields.flatMap(([name, texts]) => {
    let label = "";
    return texts.flatMap((text) => {
      const wanted = name === "next" && isSql(text) ? "SQL" : name;
      const lines = text.split("\n").map((line, at) => {
        const shown = at === 0 && wanted !== label ? wanted : "";
        return `  ${paint("dim", shown.padEnd(6))}  ${line}`;
      });
      label = wanted;
      return lines;
    });
  });
  return [`${paint(["red", "bold"], `error ${failure.code}:`)} ${failure.message}`, ...block, ""].join("\n");
}

/** The stacks of an error and of its causes, for --verbose. */
export function failureStack(error: unknown, secrets: readonly string[]): string {
  const stacks: string[] = [];
  for (let each = error; each instanceof Error && stacks.length < 10; each = each.cause) {
    stacks.push(each.stack ?? each.message);
  }
  return redact(`${stacks.join("\ncaused by ")}\n`, secrets);
}

// --- internal ---

/** Whether a next step is for the database client, not for the shell. */
function isSql(next: string): boolean {
  return /^(?:ALTER|CHECK|CREATE|DROP|FLUSH|GRANT|KILL|OPTIMIZE|RENAME|SELECT|SET|SHOW|UPDATE)\b[^]*;/.test(next);
}

/** Meanings of server errors that no command has explained better, and what helps before the next attempt. */
const meanings: readonly [(error: unknown) => boolean, ErrorCode, string, ((error: ServerError) => string)?][] = [
  [
    isOutdatedSystemTable,
    "STATEMENT_FAILED",
    "the server's own tables do not fit its version: they were not upgraded with it",
    () => upgradeSystemTables,
  ],
  [
    isDamagedTable,
    "STATEMENT_FAILED",
    "the server cannot read a table: its file is damaged or gone",
    (error) => `CHECK TABLE ${tableOf(error)};   -- the server's own finding; then repair the table, or restore it`,
  ],
  [
    isLockTimeout,
    "LOCK_TIMEOUT",
    "other sessions held a lock for too long",
    () => "SHOW FULL PROCESSLIST;   -- shows the sessions that may hold it",
  ],
  [
    isDeadlock,
    "LOCK_TIMEOUT",
    "the server chose this session as the victim of a deadlock; it is safe to run the command again",
  ],
  [isReadOnly, "SERVER_READ_ONLY", "the server accepts no writes"],
  [isAccessDenied, "MISSING_PRIVILEGE", "the account lacks a privilege"],
  [isConnectionLost, "UNREACHABLE", "the connection to the server was lost"],
];

function fromServer(error: ServerError): MigrateError {
  const [, code, what, remedy] = meanings.find(([applies]) => applies(error)) ?? [];
  const retry = error.circumstances?.next ?? [hint("status", { note: "once the cause is fixed" })];
  return new MigrateError(code ?? "STATEMENT_FAILED", what ?? "the server refused a statement", {
    ...(error.statement === undefined ? {} : { where: shortenStatement(error.statement) }),
    found: `${error.message} (error ${error.code}, SQLSTATE ${error.sqlState})`,
    done: error.circumstances?.done ?? "what was finished before this statement stays done; `status` shows it",
    next: [...(remedy === undefined ? [] : [remedy(error)]), ...retry],
    afterChanges: error.afterChanges,
    cause: error,
  });
}

/** The table of the statement that failed, as it is written there. */
function tableOf({ statement = "" }: ServerError): string {
  return /\b(?:TABLE|FROM|INTO|UPDATE) (`(?:[^`]|``)+`|\w+)/.exec(statement)?.[1] ?? "TABLE_NAME";
}
