/** Sessions that are in the way, in words. */
import { redact } from "../db/redact.ts";
import { shortenStatement } from "../shorten-statement.ts";

export interface Session {
  readonly id: number;
  /** Undefined where only the id is visible. */
  readonly account?: string | undefined;
  /** Locks that it holds, as the server calls them; none if only its transaction is known. */
  readonly holds: readonly string[];
  /** Seconds since its transaction began. */
  readonly age?: number;
  /** Seconds since its last statement ended; undefined while one runs. */
  readonly idle?: number;
  /** The statement that runs, or the last one. */
  readonly sql?: string;
}

/** "connection 7 (mx@10.0.0.3) has a transaction open for 3 s, idle for 3 s, last statement: SELECT …" */
export function describeSession({ id, account, holds, age, idle, sql }: Session): string {
  const who = `connection ${id}${account === undefined ? "" : ` (${account})`}`;
  const statement = sql === undefined ? "" : redact(shortenStatement(sql));
  return [
    `${who} ${whatItHolds(holds, age)}`,
    ...(idle === undefined ? [] : [`idle for ${idle} s`]),
    ...(statement === "" ? [] : [`${idle === undefined ? "runs" : "last statement"}: ${statement}`]),
  ].join(", ");
}

// --- internal ---

/** What takes each of these locks; others come with a transaction or a running statement. */
const takenBy: readonly (readonly [RegExp, string])[] = [
  [/^GLOBAL SHARED$|FTWRL/, "holds FLUSH TABLES WITH READ LOCK, as a backup does"],
  [/^BACKUP /, "holds a backup lock (BACKUP STAGE or LOCK INSTANCE FOR BACKUP)"],
  [/^SHARED_READ_ONLY$/, "holds LOCK TABLES … READ"],
  [/^SHARED_NO_READ_WRITE$/, "holds LOCK TABLES … WRITE"],
  [/^SHARED_NO_WRITE$/, "holds FLUSH TABLES … WITH READ LOCK, or changes the table"],
];

function whatItHolds(holds: readonly string[], age: number | undefined): string {
  const named = takenBy.find(([lock]) => holds.some((each) => lock.test(each)));
  if (named !== undefined) return named[1];
  if (age !== undefined) return `has a transaction open for ${age} s`;
  return holds.length > 0 ? "uses the table" : "is in the way";
}
