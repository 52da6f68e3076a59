/**
 * Looks from a second session at one that sends a statement: what it waits for, and who holds that. Only during the wait
 * can the server show it. A statement that waits too long for its first lock is ended: one variable of the server rules
 * the first and the last lock, and the last one may take longer, because all work would be lost.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import type { Session } from "./describe.ts";
import { type Waiting, isBackupWait } from "./lock-conflicts.ts";
import { writesRows } from "../writes-rows.ts";
import { readHolders, readRoots, readRowHolders } from "./read-holders.ts";

/** Milliseconds between two looks: soon after the beginning, and later. */
const FIRST_LOOKS = 150;
const LATER_LOOKS = 500;
const SOON = 3_000;

export type WaitKind = "table" | "rows" | "backup";

/** What was seen of one attempt. */
export interface Seen {
  /** Undefined if no wait was seen. */
  kind?: WaitKind;
  /** Of the last wait; undefined if the server does not show them. */
  holders?: readonly Session[];
  /** The statement was ended, because it had waited too long. */
  isEnded: boolean;
  /** Milliseconds of its work before its last wait; 0 if it did not begin. */
  work: number;
  /** Milliseconds of all its waits for locks, as far as they were seen. */
  waited?: number;
}

export interface Watched extends Omit<Waiting, "state"> {
  /** Milliseconds that it may wait for its first lock (no work yet), or for its last one after so many of work. */
  readonly mayWait: (work: number) => number;
}

/** Runs `send`, whose statement another session sends, and looks at it from `db` meanwhile. */
export async function watchingWait<T>(
  {
    db,
    server,
    watched,
    seen,
  }: { readonly db: Db; readonly server: Server; readonly watched: Watched; readonly seen: Seen },
  send: () => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  // A watcher without a connection sees nothing; the statement itself has its own end.
  const looking = look(db, server, watched, seen, ended.signal).catch(() => undefined);
  try {
    return await send();
  } finally {
    ended.abort();
    // A KILL QUERY on its way must not meet the next statement.
    await looking;
  }
}

export function nothingSeen(): Seen {
  return { isEnded: false, work: 0 };
}

// --- internal ---

async function look(db: Db, server: Server, watched: Watched, seen: Seen, ended: AbortSignal): Promise<void> {
  const started = performance.now();
  let waitingSince: number | undefined;
  let workingSince: number | undefined;
  let waitedBefore = 0;
  for (;;) {
    const pause = performance.now() - started < SOON ? FIRST_LOOKS : LATER_LOOKS;
    await sleep(pause, undefined, { signal: ended }).catch(() => undefined);
    if (ended.aborted) return;
    const state = await stateOf(db, watched.id);
    const now = performance.now();
    const kind = await waitOf(db, server, { ...watched, state }, seen);
    if (kind === undefined) {
      waitingSince = undefined;
      waitedBefore = seen.waited ?? 0;
      if (isWork(state)) workingSince ??= now;
      continue;
    }
    seen.kind = kind;
    // The first look may come when the wait is as old as the statement.
    waitingSince ??= workingSince === undefined ? started : now;
    seen.waited = waitedBefore + now - waitingSince;
    seen.work = workingSince === undefined ? 0 : waitingSince - workingSince;
    if (ended.aborted || now - waitingSince < watched.mayWait(seen.work)) continue;
    // A statement that was granted its lock in this moment is sent again, too.
    seen.isEnded = true;
    await db.run(`KILL QUERY ${watched.id}`);
    return;
  }
}

/** What it waits for now; sets the holders. */
async function waitOf(db: Db, server: Server, waiting: Waiting, seen: Seen): Promise<WaitKind | undefined> {
  const { state } = waiting;
  if (/^Waiting for .*lock/i.test(state)) {
    const holders = await readRoots(db, server, await readHolders(db, server, waiting));
    if (holders !== undefined && (holders.length > 0 || seen.holders === undefined)) seen.holders = holders;
    return isBackupWait(state) ? "backup" : "table";
  }
  // Rows, and on MariaDB a child table at the end of an ALTER, are locks of InnoDB, which the state does not tell.
  if (!isRowWait(state, waiting.sql)) return undefined;
  const holders = await readRowHolders(db, server, waiting.id);
  if (holders === undefined) return undefined;
  seen.holders = holders;
  return "rows";
}

async function stateOf(db: Db, id: number): Promise<string> {
  const [row] = await db.rows<{ state: string | null }>(
    "SELECT STATE AS state FROM information_schema.PROCESSLIST WHERE ID = ?",
    [id],
  );
  return row?.state ?? "";
}

function isWork(state: string): boolean {
  return /^(?:altering table|copy to tmp table|committing alter table)/i.test(state);
}

function isRowWait(state: string, sql: string): boolean {
  return /^committing alter table/i.test(state) || writesRows(sql);
}
