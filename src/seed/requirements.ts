/** Requirements of every change of seeded rows: a migrated database, its local time, and the lease. */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { hint, withNote } from "../hint.ts";
import type { Migration } from "../plan/load-migrations.ts";
import { readPlan } from "../plan/read-plan.ts";
import { workingUp } from "../plan/working-up.ts";
import { type LeaseRequest, type LeasedRun, withLease } from "../run/with-lease.ts";
import { createSeedTable } from "../state/tables.ts";

/** Switches to the time zone of the server, which the facility's own programs use, not UTC. */
export async function localTime(db: Db): Promise<void> {
  await db.run("SET SESSION time_zone = @@GLOBAL.time_zone");
}

/** Now, by the clock of the server. */
export async function serverTime(db: Db): Promise<string> {
  const [row] = await db.rows<{ now: string }>("SELECT DATE_FORMAT(NOW(), '%Y-%m-%d %H:%i:%s') AS now");
  return String(row?.now);
}

/** The value of --at by the clock of the server, which has given this session its time zone. Throws USAGE. */
export async function atByServer(db: Db, at: string | undefined): Promise<string | undefined> {
  if (at?.endsWith("Z") !== true) return at;
  const [row] = await db.rows<{ local: string | null }>(
    "SELECT DATE_FORMAT(FROM_UNIXTIME(?), '%Y-%m-%d %H:%i:%s') AS `local`",
    [Date.parse(at) / 1_000],
  );
  if (typeof row?.local === "string") return row.local;
  throw new MigrateError("USAGE", "the server cannot convert --at to its time zone", {
    where: db.database,
    found: at,
    wanted: "a moment from 1970 to 2037, or a time by the server's clock, without a zone",
    done: "no row was written",
  });
}

/** Throws NOT_MIGRATED if a migration is pending, drifted or in conflict. */
export async function assertMigrated(db: Db, migrations: readonly Migration[]): Promise<void> {
  const plan = await readPlan(db, migrations);
  const unfinished = plan.migrations.filter(
    ({ state }) => state === "pending" || state === "drift" || state === "conflict",
  );
  if (unfinished.length === 0) return;
  const working = workingUp(plan);
  throw new MigrateError("NOT_MIGRATED", "seeding needs a database with every migration applied or skipped", {
    where: db.database,
    found: unfinished.map(({ migration, state }) => `${migration.name}: ${state}`),
    done: "no row was written",
    next: [
      hint("plan", { note: working === undefined ? "shows why, and what to do first" : "shows what is missing" }),
      ...(working === undefined ? [] : [withNote(working, "creates it")]),
    ],
  });
}

/** Runs work under the lease; creates the table of seeded rows if it is missing. */
export function withSeedTable<T>(request: LeaseRequest, work: (run: LeasedRun) => Promise<T>): Promise<T> {
  return withLease(request, async (run) => {
    await createSeedTable(run.main);
    return await work(run);
  });
}
