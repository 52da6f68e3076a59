/** What a statement means for the users of the database while it runs. */
import type { Relation } from "../catalog/relations.ts";
import type { Server } from "../catalog/server.ts";
import { type TableSize, sameName } from "../model.ts";
import type { Statement } from "../steps/contract.ts";
import { writesRows } from "../writes-rows.ts";
import { blockedOnCluster } from "./blocked-on-cluster.ts";
import { heldUntilEnd } from "./held.ts";
import { type Basis, type Evidence, isLock, predict } from "./predict.ts";
import { duration } from "./prediction-words.ts";
import { type Waits, type Who, formatWaits, whoWaits } from "./who-waits.ts";

export interface Forecast {
  /** The ALGORITHM, or the verb of a statement that alters no table. */
  readonly algorithm: string;
  readonly lock: string;
  /** The same in words. */
  readonly how: string;
  /** Seconds that the statement itself will take: 0 if it is instant, undefined if that is unknown. */
  readonly seconds: number | undefined;
  /** What the seconds rest on. */
  readonly basis?: Basis;
  /** Why they are unknown. */
  readonly unknown?: string;
  /** Who waits, and for how long, as text. */
  readonly blocked: string;
  /** Who waits while the statement gets its lock, table by table. */
  readonly waits: readonly Waits[];
  /** Who waits until it ends. */
  readonly holds: readonly Waits[];
  /** The table that it reads, with the server's own estimate of its rows. */
  readonly reads?: TableSize & { readonly table: string };
}

/** `relations`: the foreign keys of now. `evidence`: what is known of other runs. */
export function forecast(
  statement: Statement,
  server: Server,
  sizes: Readonly<Record<string, TableSize>>,
  relations: readonly Relation[],
  evidence: Evidence,
): Forecast {
  const waits = server.cluster ? [] : whoWaits(statement, server, relations);
  const holds = server.cluster ? [] : isLock(statement) ? waits : heldUntilEnd(statement, relations);
  const { reads: table } = statement;
  const size = table === undefined ? undefined : sizes[table];
  const algorithm = statement.online?.algorithm ?? verbOf(statement.sql);
  const { seconds, ...why } = predict(statement, size, server, evidence);
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
    ...why,
    blocked: blocked(statement, server, { holds, seconds, waits }),
    waits,
    holds,
    ...(table === undefined || size === undefined ? {} : { reads: { table, ...size } }),
  };
}

/** Who waits while a statement gets its lock: how long, then who. */
export function forAMoment(waits: readonly Waits[]): string {
  return `for a moment (at most 1 s per try): ${formatWaits(waits)}`;
}

// --- internal ---

/** "about 12 s": for so long others wait. */
function forHowLong(seconds: number | undefined): string {
  return seconds === undefined ? "as long as it takes" : duration(seconds);
}

const descriptions: Readonly<Record<string, string>> = {
  "CREATE TABLE": "a new table",
  INSERT: "new rows, in one transaction",
  UPDATE: "changes values of rows, in one transaction",
  DELETE: "rows deleted, in one transaction",
  RENAME: "another name",
  DROP: "dropped",
  LOCK: "a lock on the whole table",
  UNLOCK: "the end of the lock",
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

function blocked(statement: Statement, server: Server, parts: Pick<Forecast, "holds" | "seconds" | "waits">): string {
  const { holds, seconds } = parts;
  if (server.cluster) return blockedOnCluster(statement, seconds === 0 ? "an instant" : forHowLong(seconds));
  if (statement.fill !== undefined) return "sessions that change the rows of the same batch, for a moment";
  if (isLock(statement)) return `until the table is unlocked: ${formatWaits(holds)}`;
  const waits = parts.waits.filter((each) => !isHeld(each, holds));
  const moment = waits.length === 0 ? [] : [forAMoment(waits)];
  if (holds.length > 0) return [`for ${forHowLong(seconds)}: ${formatWaits(holds)}`, ...moment].join("; ");
  if (moment.length > 0) return moment.join("");
  return writesRows(statement.sql) ? "sessions that change the same rows, until it ends" : "no other session";
}

/** What waits until the end waits at the beginning, too. */
function isHeld({ table, who }: Waits, holds: readonly Waits[]): boolean {
  return holds.some((each) => sameName(each.table, table) && strength[each.who] >= strength[who]);
}

const strength: Readonly<Record<Who, number>> = { cascades: 1, writers: 2, users: 3 };
