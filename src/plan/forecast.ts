/** What a statement means for the users of the database while it runs. */
import type { Server } from "../catalog/server.ts";
import type { TableSize } from "../model.ts";
import { listed } from "../plural.ts";
import type { Statement } from "../steps/contract.ts";
import { COPIED_PER_SECOND, blockedOnCluster } from "./blocked-on-cluster.ts";

export interface Forecast {
  /** The ALGORITHM, or the verb of a statement that alters no table. */
  readonly algorithm: string;
  readonly lock: string;
  /** The same in words. */
  readonly how: string;
  /** Seconds that the statement itself will take, rounded up; 0 if it is instant. */
  readonly seconds: number;
  /** Who waits, and for how long, as text. */
  readonly blocked: string;
  /** The table that it reads, with the server's own estimate of its rows. */
  readonly reads?: TableSize & { readonly table: string };
}

/**
 * Bytes of a table that a server is assumed to read in a second while it builds an index. The plan calls it an
 * assumption; scripts/bench/online.ts measures what a machine really does.
 */
const BYTES_PER_SECOND = 50_000_000;

export function forecast(statement: Statement, server: Server, sizes: Readonly<Record<string, TableSize>>): Forecast {
  const { reads: table } = statement;
  const size = table === undefined ? undefined : sizes[table];
  const algorithm = statement.online?.algorithm ?? verbOf(statement.sql);
  const perSecond = server.cluster && algorithm === "COPY" ? COPIED_PER_SECOND : BYTES_PER_SECOND;
  const seconds = Math.ceil((size?.bytes ?? 0) / perSecond);
  const lock = statement.online?.lock ?? "NONE";
  const how =
    statement.online === undefined
      ? (descriptions[wayOf(statement)] ?? "sent as it is in the file; this tool does not choose algorithm or lock")
      : `ALGORITHM=${algorithm}, LOCK=${lock}`;
  return {
    algorithm,
    lock,
    how,
    seconds,
    blocked: blocked(statement, server, seconds),
    ...(table === undefined || size === undefined ? {} : { reads: { table, ...size } }),
  };
}

/** The seconds of a forecast in words: they were rounded up. */
export function duration(seconds: number): string {
  return seconds <= 1 ? "less than 1 s" : `about ${seconds} s`;
}

const descriptions: Readonly<Record<string, string>> = {
  "CREATE TABLE": "a new table",
  INSERT: "new rows, in one transaction",
  fill: "in batches of at most 1,000 rows, each found by its primary key",
};

function wayOf({ fill, sql }: Statement): string {
  if (fill !== undefined) return "fill";
  const verb = verbOf(sql);
  if (verb === "CREATE" && /^\s*CREATE\s+TABLE\b/i.test(sql)) return "CREATE TABLE";
  return verb;
}

function verbOf(sql: string): string {
  return /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? "";
}

/** A statement of a facility: the rows that it changes stay locked until it ends. */
function writesRows(sql: string): boolean {
  return /^\s*(?:update|delete|insert|replace)\b/i.test(sql);
}

function blocked(statement: Statement, server: Server, seconds: number): string {
  if (server.cluster) return blockedOnCluster(statement, seconds === 0 ? "an instant" : duration(seconds));
  if (statement.fill !== undefined) return "sessions that change the rows of the same batch, for a moment";
  const moment = statement.locks.length === 0 ? "" : `users of ${listed(statement.locks)} for a moment (metadata lock)`;
  const { algorithm, lock } = statement.online ?? {};
  if (algorithm === "COPY" || lock === "SHARED")
    return `writers of ${statement.reads ?? "the table"} for ${duration(seconds)}`;
  if (moment !== "") return moment;
  return writesRows(statement.sql) ? "sessions that change the same rows, until it ends" : "no other session";
}
