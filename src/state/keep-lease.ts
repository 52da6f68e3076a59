/**
 * A lease that is held: heartbeats, sent by the second session, until it is released. A heartbeat without an answer is how
 * a network that has gone silent is noticed: a statement may run for hours, and TCP says nothing while data are on the way.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "../db/db.ts";
import type { ReplaceableDb } from "../db/replaceable.ts";
import { isRefusedByServer } from "../db/refused-login.ts";
import { leaseLost } from "./lease-errors.ts";
import { isExecuting, lockHolder } from "./lease-session.ts";
import { advisoryLockName, releaseLease, renewLease } from "./lease-sql.ts";
import type { LeaseTimes } from "./lease-times.ts";

export interface Lease extends AsyncDisposable {
  readonly owner: string;
  readonly fence: number;
  /** Throws LEASE_LOST once another run has taken over. */
  check(): void;
  /**
   * Asks the server whether the lease is still ours, and keeps it for this long even without a heartbeat: a statement may
   * block all heartbeats. Throws LEASE_LOST. Without seconds, the time is the usual one again.
   */
  extend(seconds?: number): Promise<void>;
}

/** The sessions of a run that has the lease, or wants it. */
export interface LeaseSessions {
  /** Sends the statements, and holds the advisory lock. */
  readonly main: Db;
  /** Sends the heartbeats while `main` is busy. */
  readonly watchdog: ReplaceableDb;
}

export function keepLease({ main, watchdog }: LeaseSessions, owner: string, fence: number, times: LeaseTimes): Lease {
  const held = "id = 1 AND owner = ? AND fence = ?";
  let seconds = times.ttl;
  const over = new AbortController();
  const sessions = { main, watchdog, over: over.signal };
  let lost = false;
  let turn: Promise<void> = Promise.resolve();
  const beat = async () => {
    lost ||= !(await answered(() => renew(watchdog, held, [seconds, owner, fence]), sessions, times));
  };
  /** One heartbeat after the other: a later one may never be overtaken by one with other seconds. */
  const beatInTurn = () => {
    const own = turn.then(beat);
    turn = own.catch(() => undefined);
    return own;
  };
  let isBeating = false;
  const timer = setInterval(() => {
    if (isBeating) return;
    isBeating = true;
    // After a failed heartbeat the next one follows; the fence, not the heartbeat, keeps the journal safe.
    void beatInTurn()
      .catch(() => undefined)
      .finally(() => (isBeating = false));
  }, times.heartbeat);
  timer.unref();
  const check = () => {
    if (lost) throw leaseLost();
  };
  return {
    owner,
    fence,
    check,
    async extend(longer = times.ttl) {
      seconds = longer;
      await beatInTurn();
      check();
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      over.abort();
      // A heartbeat that comes later finds the lease without an owner, and changes nothing.
      await release({ main, watchdog }, releaseLease(held), [owner, fence]);
    },
  };
}

// --- internal ---

async function renew(watchdog: Db, held: string, values: readonly (number | string)[]): Promise<boolean> {
  return (await watchdog.run(renewLease("?", held), values)).affectedRows > 0;
}

interface HeldSessions extends LeaseSessions {
  /** Aborted when the lease is released: no session takes the place of another any more. */
  readonly over: AbortSignal;
}

/** The answer to a heartbeat, which is sent again by another session if there is none. Throws if the server cannot be reached. */
async function answered(send: () => Promise<boolean>, sessions: HeldSessions, times: LeaseTimes): Promise<boolean> {
  for (let answer = send(); ;) {
    const isHeld = await within(times.unanswered, answer);
    if (isHeld !== undefined) return isHeld;
    if (await replaceIfLost(sessions, times)) answer = send();
  }
}

/**
 * Looks at the second session through a third one, which takes its place if the server does not work on a heartbeat. If none
 * can be opened and the server says nothing, the network is silent, and both others are given up: what they wait for fails.
 */
async function replaceIfLost({ main, over, watchdog }: HeldSessions, { unanswered }: LeaseTimes): Promise<boolean> {
  over.throwIfAborted();
  const opening = watchdog.another();
  let isTooLate = false;
  let isRefused = false;
  const next = await within(unanswered, opening).catch((error: unknown) => {
    isRefused = isRefusedByServer(error);
    return undefined;
  });
  // A server that has no room for another session is there, and may still answer the heartbeat.
  if (isRefused) return false;
  if (next === undefined) {
    isTooLate = true;
    void opening.then((late) => (isTooLate ? late.destroy() : undefined)).catch(() => undefined);
    const why = `the server has not answered for ${Math.round((2 * unanswered) / 1000)} s`;
    if (!over.aborted) {
      main.destroy(why);
      watchdog.destroy(why);
    }
    throw new Error(why);
  }
  // Behind a change of the whole cluster a heartbeat waits as long as that takes.
  const working =
    over.aborted || (await within(unanswered, isExecuting(next, watchdog.connectionId)).catch(() => undefined));
  // Without an answer it takes the place, too: its own heartbeats show what is wrong.
  const isOnlySlow = working === true;
  if (isOnlySlow) await next[Symbol.asyncDispose]();
  else watchdog.replaceBy(next);
  return !isOnlySlow;
}

/** Undefined if there is no answer in so many milliseconds. */
async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  // It may fail when it is no longer waited for.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, sleep(milliseconds, undefined, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}

/** Looks for the server to notice that a session is gone, and milliseconds between them. */
const LOOKS = 10;
const LOOK_EVERY = 100;

async function release({ main, watchdog }: LeaseSessions, sql: string, values: readonly (number | string)[]) {
  try {
    await main.run(sql, values);
    await main.rows("SELECT RELEASE_LOCK(?)", [advisoryLockName(main.database)]);
    return;
  } catch {
    // The connection is gone. The error that ended it is already on its way to the user and must not be hidden here.
  }
  try {
    // As long as the server works on its last statement, no other run may begin.
    for (let look = 0; look < LOOKS && (await lockHolder(watchdog)) !== undefined; look++) await sleep(LOOK_EVERY);
    if ((await lockHolder(watchdog)) === undefined) await watchdog.run(sql, values);
  } catch {
    // Then the next run waits until this one is silent.
  }
}
