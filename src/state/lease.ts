/**
 * One run at a time changes a database. The lease is a row: conditional updates of one row have one winner on a Galera
 * cluster, too, where GET_LOCK is granted on two nodes at once (measured). On one server an advisory lock (GET_LOCK)
 * comes on top, held by the session that sends the statements: it proves that this session is alive, even if only to
 * finish a dead client's ALTER.
 */
import { createHash, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { type Server, formatNode } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { isLockTimeout } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, hint, withNote } from "../hint.ts";
import { type LeaseHolder, readLease } from "./lease-holder.ts";
import { createToolTables, leaseTable } from "./tables.ts";

/** Seconds without a heartbeat after which a lease may be taken over. */
const TTL = 12;
const HEARTBEAT_EVERY = (TTL * 1000) / 4;
/** Milliseconds that a run waits for a lease before it gives up. */
const PATIENCE = 20_000;
/** The same while the server still works on the statement of a client that is gone. */
const PATIENCE_FOR_STATEMENTS = 600_000;
const POLL_EVERY = 500;

export interface Lease extends AsyncDisposable {
  readonly owner: string;
  readonly fence: number;
  /** Throws LEASE_LOST once another run has taken over. */
  check(): void;
  /** Keeps the lease for this long even without a heartbeat: a statement may block all heartbeats. */
  extend(seconds: number): Promise<void>;
}

interface Sessions {
  /** Sends the statements, and holds the advisory lock. */
  readonly main: Db;
  /** Sends the heartbeats while `main` is busy. */
  readonly watchdog: Db;
  readonly server: Server;
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
  const { main, server } = sessions;
  const owner = randomUUID();
  const started = Date.now();
  let reported = "";
  for (;;) {
    const locked = await tryAdvisoryLock(main).catch((error: unknown) => {
      // The first statement that waits here: another node has long been busy with a statement of the whole cluster.
      throw server.cluster && isLockTimeout(error) ? clusterBusy(main, error, retry) : error;
    });
    // Only here: the run that we waited for may have undone everything, its tables included.
    if (locked) await createToolTables(main);
    if (locked && (await take(main, server, owner))) break;
    if (locked) await main.rows("SELECT RELEASE_LOCK(?)", [advisoryLockName(main.database)]);
    const held = await readLease(main);
    const leftRunning = !locked && held?.silent === true;
    if (Date.now() - started > (leftRunning ? PATIENCE_FOR_STATEMENTS : PATIENCE))
      throw await leaseHeld(main, held, retry);
    const reason = held === undefined ? reported : waitingFor(held, leftRunning);
    if (reason !== reported) onWait(reason);
    reported = reason;
    await sleep(POLL_EVERY, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted)
      throw new MigrateError("INTERRUPTED", "stopped while waiting for the lease", {
        done: "no table of ISPyB was changed",
        next: retry,
      });
  }
  const held = await readLease(main);
  return keepLease(sessions, owner, held?.fence ?? 0);
}

function waitingFor(held: LeaseHolder, leftRunning: boolean): string {
  return leftRunning
    ? `the server is still executing a statement of a run that has ended (connection ${held.connectionId})`
    : `another run holds the lease: ${held.holder}`;
}

/** True if this session now holds the advisory lock. Servers that do not support it on a cluster answer with an error. */
async function tryAdvisoryLock(main: Db): Promise<boolean> {
  const [row] = await main.rows<{ held: number | null }>("SELECT GET_LOCK(?, 0) AS held", [
    advisoryLockName(main.database),
  ]);
  if (row?.held === null || row?.held === undefined) throw new Error("GET_LOCK answered NULL");
  return Number(row.held) === 1;
}

/** Lock names belong to the server, not to the database, and have at most 64 characters. */
export function advisoryLockName(database: string): string {
  return `ispyb_migrate:${createHash("sha256").update(database).digest("hex").slice(0, 40)}`;
}

/** Inserts the one row of the lease if it is missing. */
export const insertLeaseRow = `INSERT IGNORE INTO ${leaseTable} (id, fence) SELECT 1, 0 FROM (SELECT 1) AS one WHERE NOT EXISTS (SELECT 1 FROM ${leaseTable})`;

/**
 * One conditional UPDATE: the lease is free, its time has run out, it was copied here with a database of another
 * server, or its holder was on this node, where we now hold the advisory lock that it would hold. Its parts are SQL:
 * parameters, or expressions in a script.
 */
export function claimLease(by: {
  readonly owner: string;
  readonly holder: string;
  readonly identity: string;
  readonly node: string;
  readonly connection: string;
}): string {
  return (
    `UPDATE ${leaseTable} SET owner = ${by.owner}, holder = ${by.holder}, identity = ${by.identity}, node = ${by.node}, ` +
    `connection_id = ${by.connection}, fence = fence + 1, ` +
    `heartbeat_at = UTC_TIMESTAMP(6), expires_at = UTC_TIMESTAMP(6) + INTERVAL ${TTL} SECOND ` +
    `WHERE id = 1 AND (owner IS NULL OR expires_at < UTC_TIMESTAMP(6) OR identity <> ${by.identity} OR node = ${by.node})`
  );
}

/** The heartbeat: the holder is alive, and keeps the lease for this long even without another heartbeat. */
export function renewLease(seconds: string, held: string): string {
  return (
    `UPDATE ${leaseTable} SET heartbeat_at = UTC_TIMESTAMP(6), ` +
    `expires_at = GREATEST(expires_at, UTC_TIMESTAMP(6) + INTERVAL ${seconds} SECOND) WHERE ${held}`
  );
}

export function releaseLease(held: string): string {
  return `UPDATE ${leaseTable} SET owner = NULL, expires_at = UTC_TIMESTAMP(6) WHERE ${held}`;
}

async function take(main: Db, server: Server, owner: string): Promise<boolean> {
  await main.run(insertLeaseRow);
  const outcome = await main.run(claimLease({ owner: "?", holder: "?", identity: "?", node: "?", connection: "?" }), [
    owner,
    `${server.account} from ${hostname()}, process ${process.pid}`,
    server.identity,
    server.node,
    main.connectionId,
    server.identity,
    server.node,
  ]);
  return outcome.affectedRows === 1;
}

function keepLease({ main, watchdog }: Sessions, owner: string, fence: number): Lease {
  let lost = false;
  const ownRow = "id = 1 AND owner = ? AND fence = ?";
  const beat = async (seconds: number) => {
    const outcome = await watchdog.run(renewLease("?", ownRow), [seconds, owner, fence]);
    if (outcome.affectedRows === 0) lost = true;
  };
  let beating: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    // After a failed heartbeat the next one follows; the fence, not the heartbeat, keeps the journal safe.
    beating = beating.then(() => beat(TTL)).catch(() => undefined);
  }, HEARTBEAT_EVERY);
  timer.unref();
  return {
    owner,
    fence,
    check() {
      if (lost) throw leaseLost();
    },
    extend: (seconds) => beat(seconds),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await beating;
      try {
        await main.run(releaseLease(ownRow), [owner, fence]);
        await main.rows("SELECT RELEASE_LOCK(?)", [advisoryLockName(main.database)]);
      } catch {
        // The connection is gone, and the advisory lock with it: the next run takes over at once. The error that
        // ended the connection is already on its way to the user and must not be hidden here.
      }
    },
  };
}

async function leaseHeld(db: Db, held: LeaseHolder | undefined, retry: Hint): Promise<MigrateError> {
  const [lock] = await db.rows<{ id: number | null }>("SELECT IS_USED_LOCK(?) AS id", [advisoryLockName(db.database)]);
  return new MigrateError("LEASE_HELD", "another run is changing this database", {
    where: `${leaseTable} in ${db.database}`,
    found:
      held === undefined
        ? `connection ${lock?.id ?? "of another session"} holds the advisory lock ${advisoryLockName(db.database)}`
        : `${held.holder}, connection ${held.connectionId} on ${formatNode(held.node)}`,
    done: "no table of ISPyB was changed",
    next:
      held === undefined
        ? [
            `SELECT IS_USED_LOCK('${advisoryLockName(db.database)}');   -- repeat until it is NULL`,
            withNote(retry, "once it is NULL"),
          ]
        : [hint("status", { note: "repeat until it shows no lease" }), withNote(retry, "once there is no lease")],
  });
}

function clusterBusy({ database }: Db, cause: Error, retry: Hint): MigrateError {
  return new MigrateError("LEASE_HELD", "the cluster is busy with a change, maybe of another run", {
    where: database,
    found: `${cause.message}: this node waited for the changes of the others`,
    done: "no table of ISPyB was changed",
    next: [
      hint("status", { note: "answers once the change is done, and shows the lease" }),
      withNote(retry, "afterwards"),
    ],
    cause,
  });
}

export function leaseLost(): MigrateError {
  return new MigrateError("LEASE_LOST", "another run took over the lease while this one was working", {
    where: leaseTable,
    done: "the last statement may have succeeded; nothing was recorded after the lease was lost",
    next: hint("status", { note: "shows the holder, and what is recorded" }),
  });
}
