/**
 * One run at a time changes a database. The lease is a row: conditional updates of one row have one winner on a Galera
 * cluster, too, where GET_LOCK is granted on two nodes at once (measured). On one server an advisory lock (GET_LOCK)
 * comes on top, held by the session that sends the statements: it proves that this session is alive, even if only to
 * finish a dead client's ALTER.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { isLockTimeout } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import type { Hint } from "../hint.ts";
import { type Lease, type LeaseSessions, keepLease } from "./keep-lease.ts";
import { clusterBusy, leaseHeld } from "./lease-errors.ts";
import { type LeaseHolder, readLease } from "./lease-holder.ts";
import { endSilentSession, isExecuting, isGone, lockHolder, nameOfHolder } from "./lease-session.ts";
import { advisoryLockName, claimLease, insertLeaseRow } from "./lease-sql.ts";
import { type LeaseTimes, leaseTimes } from "./lease-times.ts";
import { createToolTables, leaseTable } from "./tables.ts";

interface Sessions extends LeaseSessions {
  readonly server: Server;
  /** Other times than the usual ones. */
  readonly times?: Partial<LeaseTimes>;
}

/**
 * Takes the lease. Creates its table if it is missing, and waits a short while for a run that is about to end.
 * `onWait` gets each new reason to wait once; `retry` is the same command again. Throws LEASE_HELD or INTERRUPTED.
 */
export async function acquireLease(
  sessions: Sessions,
  onWait: (reason: string) => void,
  stop: AbortSignal,
  retry: Hint,
): Promise<Lease> {
  const { main, server, watchdog } = sessions;
  const times = { ...leaseTimes, ...sessions.times };
  const owner = randomUUID();
  const started = Date.now();
  let reported = "";
  let writable: number | undefined;
  for (;;) {
    if ((await isLocked(main, server, retry)) && (await takeLocked(main, server, owner, times))) break;
    const held = await readLease(main, times.silence);
    const lock = await lockHolder(main);
    const isLeftRunning = held?.silent === true && lock !== undefined && (await isExecuting(main, lock)) === true;
    writable = held?.silent === true ? await writableSince(main, writable) : undefined;
    // A live holder would have had the time for a heartbeat.
    const isSilent = writable !== undefined && Date.now() - writable > 1.5 * times.heartbeat;
    const isEnded = held !== undefined && lock !== undefined && isSilent && (await endSilentSession(main, held, lock));
    if (!isEnded && Date.now() - started > (isLeftRunning ? times.patienceForStatements : times.patience))
      throw leaseHeld(main, server, held, lock, retry);
    const reason = isEnded ? ended(held) : held === undefined ? reported : waitingFor(held, isLeftRunning);
    if (reason !== reported) onWait(reason);
    reported = reason;
    await sleep(times.poll, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted)
      throw new MigrateError("INTERRUPTED", "stopped while waiting for the lease", {
        done: "no table of ISPyB was changed",
        next: retry,
      });
  }
  const held = await readLease(main, times.silence);
  return keepLease({ main, watchdog }, owner, held?.fence ?? 0, times);
}

// --- internal ---

/** The moment from which heartbeats could be written: a backup that locks all tables makes every holder silent. */
async function writableSince(main: Db, before: number | undefined): Promise<number> {
  const asked = Date.now();
  await main.run(`UPDATE ${leaseTable} SET fence = fence WHERE id = 0`);
  const hasWaited = Date.now() - asked > 1_000;
  return before === undefined || hasWaited ? Date.now() : before;
}

function waitingFor(held: LeaseHolder, isLeftRunning: boolean): string {
  return isLeftRunning
    ? `the server is still executing a statement of a run that has ended (connection ${held.connectionId})`
    : `another run holds the lease: ${held.holder}`;
}

function ended({ connectionId, holder, silentFor }: LeaseHolder): string {
  return `ended connection ${connectionId} of a run that has not been heard of for ${silentFor} s: ${holder}`;
}

async function isLocked(main: Db, server: Server, retry: Hint): Promise<boolean> {
  try {
    return await tryAdvisoryLock(main);
  } catch (error) {
    // The first statement that waits here: another node has long been busy with a statement of the whole cluster.
    throw server.cluster && isLockTimeout(error) ? clusterBusy(main, error, retry) : error;
  }
}

/** True if this run, which has the advisory lock, now holds the lease. Otherwise it does not keep the lock either. */
async function takeLocked(main: Db, server: Server, owner: string, times: LeaseTimes): Promise<boolean> {
  // Only here: the run that we waited for may have undone everything, its tables included.
  await createToolTables(main);
  if (await take(main, server, owner, times)) return true;
  await main.rows("SELECT RELEASE_LOCK(?)", [advisoryLockName(main.database)]);
  return false;
}

/** True if this session now holds the advisory lock. Servers that do not support it on a cluster answer with an error. */
async function tryAdvisoryLock(main: Db): Promise<boolean> {
  const [row] = await main.rows<{ held: number | null }>("SELECT GET_LOCK(?, 0) AS held", [
    advisoryLockName(main.database),
  ]);
  if (row?.held === null || row?.held === undefined) throw new Error("GET_LOCK answered NULL");
  return Number(row.held) === 1;
}

async function take(main: Db, server: Server, owner: string, { silence, ttl }: LeaseTimes): Promise<boolean> {
  await main.run(insertLeaseRow);
  const held = await readLease(main, silence);
  // While we look, no other run can become the holder here: we hold the advisory lock.
  const wanted = held !== undefined && held.node === server.node && isGone(held) ? 0 : silence;
  const { identity, node } = server;
  const parts = { owner: "?", holder: "?", identity: "?", node: "?", connection: "?", seconds: "?", silence: "?" };
  const values = [owner, nameOfHolder(server.account), identity, node, main.connectionId, ttl, identity, wanted, node];
  return (await main.run(claimLease(parts), values)).affectedRows === 1;
}
