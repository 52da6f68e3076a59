/** How long a statement waits for a lock of other sessions. Those that come after it queue behind it meanwhile. */
import type { Server } from "../catalog/server.ts";
import type { Statement } from "../steps/contract.ts";

/** Seconds that a statement may wait for locks altogether, if the options name no others. */
export const LOCK_TIMEOUT = 300;

/** Seconds of one wait: of the first lock, and at most of the last one of a build, so that its work is not lost. */
const FIRST_WAIT = 1;
const LAST_WAIT = 10;
/** The part of its work that a build may wait at its end. */
const OF_WORK = 0.1;

/** A first wait begins short: most transactions end soon. */
const FIRST_TRIES = [300, 500];

/**
 * Others wait for a tenth of the time that we wait, at most. They need a moment more than our try does, and a wait may end
 * just after a try: so a pause is eleven times as long as a try.
 */
const STALLED = 0.08;
/** Nothing queues behind us where the whole server is locked, or where a batch of rows waits for rows of others. */
const PAUSE_WITHOUT_QUEUE = 1_000;

/** Milliseconds that try number `tried` may wait after so many of work. */
export function mayWait(tried: number, work: number): number {
  if (work === 0) return FIRST_TRIES[tried - 1] ?? FIRST_WAIT * 1_000;
  return Math.max(FIRST_WAIT * 1_000, Math.min(LAST_WAIT * 1_000, work * OF_WORK));
}

/** Milliseconds until the next try, after one that kept others waiting for so many. */
export function pauseAfter(stalled: number, isQueueBehindUs: boolean): number {
  const least = isQueueBehindUs ? stalled / STALLED - stalled : PAUSE_WITHOUT_QUEUE;
  return least * (1 + 0.2 * Math.random());
}

/** True for a statement that works in proportion to the rows before it asks for its last lock. */
export function isBuild({ online, reads }: Statement): boolean {
  return reads !== undefined && online?.algorithm !== "INSTANT";
}

/**
 * The limits that the server keeps. One variable rules the first and the last wait of a build: the first one is ended
 * from the second session. An ALTER of a parent table also waits for open transactions on its child tables: on MariaDB as
 * InnoDB's lock (measured on 10.11), while it keeps the users of the parent out. A copy of the table keeps the session's
 * longer wait: it may meet a locked row after minutes of work. A batch of rows does not wait for one of them while it
 * holds the others: a smaller one comes next.
 */
export function lockVariables({ dialect }: Server, statement: Statement): Readonly<Record<string, number | string>> {
  if (statement.fill !== undefined)
    return { lock_wait_timeout: FIRST_WAIT, innodb_lock_wait_timeout: dialect.names.shortestLockWait };
  const wait = isBuild(statement) ? LAST_WAIT : FIRST_WAIT;
  const isQuick = statement.online !== undefined && statement.online.algorithm !== "COPY";
  return { lock_wait_timeout: wait, ...(isQuick ? { innodb_lock_wait_timeout: wait } : {}) };
}
