/** Work under the lease, for what changes rows and no schema. */
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import type { Hint } from "../hint.ts";
import { acquireLease } from "../state/lease.ts";
import { createSeedTable } from "../state/tables.ts";

export interface Session {
  readonly connect: (role: string) => Promise<Db>;
  readonly onWait: (reason: string) => void;
  readonly stop: AbortSignal;
}

/** The lease while it is held. */
export interface Held {
  /** Throws LEASE_LOST once another run has taken over. */
  readonly check: () => void;
  /** Another session, for what cannot wait for the first one. */
  readonly watchdog: Db;
}

/**
 * Makes the table of what was seeded where it is missing, and keeps every other run of this tool out
 * meanwhile. `retry` is the command that tries anew. Throws LEASE_HELD and INTERRUPTED.
 */
export async function withLease<T>(
  main: Db,
  server: Server,
  { connect, onWait, stop }: Session,
  retry: Hint,
  work: (held: Held) => Promise<T>,
): Promise<T> {
  await using watchdog = await connect("watchdog");
  await using lease = await acquireLease({ main, watchdog, server }, onWait, stop, retry);
  await createSeedTable(main);
  return await work({ check: () => lease.check(), watchdog });
}
