/** What every change of seeded rows needs: a migrated database, its own time, and the lease. */
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import type { Migration } from "../plan/load.ts";
import { survey } from "../plan/read-plan.ts";
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
  readonly keeper: Db;
}

/**
 * Makes the table of what was seeded where it is missing, and keeps every other run of this tool out
 * meanwhile. `again` is the command that tries anew. Throws LEASE_HELD and INTERRUPTED.
 */
export async function withLease<T>(
  main: Db,
  server: Server,
  { connect, onWait, stop }: Session,
  again: string,
  work: (held: Held) => Promise<T>,
): Promise<T> {
  await using keeper = await connect("keeper");
  await using lease = await acquireLease({ main, keeper, server }, onWait, stop, again);
  await createSeedTable(main);
  return await work({ check: () => lease.check(), keeper });
}

/** Times are those that the facility's own programs write: in the time zone of the server, not in UTC. */
export async function localTime(db: Db): Promise<void> {
  await db.run("SET SESSION time_zone = @@GLOBAL.time_zone");
}

/** Now, by the clock of the server. */
export async function serverTime(db: Db): Promise<string> {
  const [row] = await db.rows<{ now: string }>("SELECT DATE_FORMAT(NOW(), '%Y-%m-%d %H:%i:%s') AS now");
  return String(row?.now);
}

/** Throws NOT_MIGRATED where a migration is owed. */
export async function refuseUnmigrated(db: Db, migrations: readonly Migration[]): Promise<void> {
  const { migrations: surveyed } = await survey(db, migrations);
  const owed = surveyed.filter(({ state }) => state === "pending" || state === "drift" || state === "conflict");
  if (owed.length === 0) return;
  throw new MigrateError("NOT_MIGRATED", "this database does not have all that stories are written into", {
    where: db.database,
    found: owed.map(({ migration, state }) => `${migration.name} ${state}`),
    done: "no row was written",
    next: ["ispyb-migrate plan   # what is owed", "ispyb-migrate up"],
  });
}
