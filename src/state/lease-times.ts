/** How long the lease lasts, and how long a run waits for it. */
export interface LeaseTimes {
  /** Seconds that the lease lasts without a heartbeat. */
  readonly ttl: number;
  /** Seconds without a heartbeat after which a holder is called silent, and its lease may be taken over. */
  readonly silence: number;
  /** Milliseconds between two heartbeats. */
  readonly heartbeat: number;
  /** Milliseconds without an answer to a heartbeat, or to a new connection, after which the server is looked for, or given up. */
  readonly unanswered: number;
  /** Milliseconds that a run waits for a lease before it gives up. */
  readonly patience: number;
  /** The same while the server still works on the statement of a client that is gone. */
  readonly patienceForStatements: number;
  /** Milliseconds between two looks at the lease. */
  readonly poll: number;
}

/** Bytes of a table that any server works through in a second. Nothing is promised by it: see leaseFor. */
const SLOWEST = 1_000_000;

/**
 * Seconds that the lease has to last while a statement keeps its heartbeats from being written: on a cluster, or from a
 * script, which has none. If it is unknown how long the statement works (`seconds`), rather too long than too short.
 */
export function leaseFor(seconds: number | undefined, bytes = 0): number {
  return 60 + Math.ceil(seconds === undefined ? bytes / SLOWEST : 4 * seconds);
}

export const leaseTimes: LeaseTimes = {
  ttl: 12,
  silence: 8,
  heartbeat: 2_000,
  unanswered: 4_000,
  patience: 15_000,
  patienceForStatements: 600_000,
  poll: 500,
};
