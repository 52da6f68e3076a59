/** The statements of the lease: for a run, and as parts of a script. */
import { createHash } from "node:crypto";
import { leaseTable } from "./tables.ts";

/** Lock names belong to the server, not to the database, and have at most 64 characters. */
export function advisoryLockName(database: string): string {
  return `ispyb_migrate:${createHash("sha256").update(database).digest("hex").slice(0, 40)}`;
}

/** How the holder ends that is a script: it has no heartbeats. */
export const byScript = "with a script of plan --sql";

/** Inserts the one row of the lease if it is missing. */
export const insertLeaseRow = `INSERT IGNORE INTO ${leaseTable} (id, fence) SELECT 1, 0 FROM (SELECT 1) AS one WHERE NOT EXISTS (SELECT 1 FROM ${leaseTable})`;

/**
 * One conditional UPDATE: the lease is free, it was copied here with a database of another server, or its holder is
 * silent. A silent holder still has its time, unless it was on this node, where we now hold the advisory lock that it would
 * hold. Behind a proxy its session may have changed, and with it the lock: only its heartbeats show that it is alive. A
 * script has none. The parts are SQL: parameters, or expressions in a script.
 */
export function claimLease(by: {
  readonly owner: string;
  readonly holder: string;
  readonly identity: string;
  readonly node: string;
  readonly connection: string;
  /** Seconds that the lease then lasts without a heartbeat. */
  readonly seconds: string;
  /** Seconds without a heartbeat that make a holder silent. */
  readonly silence: string;
}): string {
  const now = "UTC_TIMESTAMP(6)";
  return (
    `UPDATE ${leaseTable} SET owner = ${by.owner}, holder = ${by.holder}, identity = ${by.identity}, node = ${by.node}, ` +
    `connection_id = ${by.connection}, fence = fence + 1, ` +
    `heartbeat_at = ${now}, expires_at = ${now} + INTERVAL ${by.seconds} SECOND ` +
    `WHERE id = 1 AND (owner IS NULL OR identity <> ${by.identity} OR ` +
    `((heartbeat_at <= ${now} - INTERVAL ${by.silence} SECOND OR holder LIKE '%${byScript}') AND ` +
    `(expires_at < ${now} OR node = ${by.node})))`
  );
}

/** The heartbeat: the holder is alive, and keeps the lease for this long even without another heartbeat. */
export function renewLease(seconds: string, held: string): string {
  return (
    `UPDATE ${leaseTable} SET heartbeat_at = UTC_TIMESTAMP(6), ` +
    `expires_at = UTC_TIMESTAMP(6) + INTERVAL ${seconds} SECOND WHERE ${held}`
  );
}

export function releaseLease(held: string): string {
  return `UPDATE ${leaseTable} SET owner = NULL, expires_at = UTC_TIMESTAMP(6) WHERE ${held}`;
}
