import { connect } from "../../src/db/connect.ts";
import type { Target } from "../../src/db/db.ts";
import { MigrateError } from "../../src/errors.ts";
import { up } from "../../src/migrate/up.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { type ProcedureSource, loadProcedures } from "../../src/repeatables/procedures/source.ts";
import { loadBase } from "../../src/base/load-base.ts";
import { distributionPackage } from "../../src/server/distribution-package.ts";
import { findServer, providersOf } from "../../src/server/find.ts";
import { localBinary } from "../../src/server/local-binary.ts";
import type { RunningServer, ServerProvider } from "../../src/server/provider.ts";

/** Sources of servers: a MariaDB of this machine or its distribution, and a MySQL, if need be from Debian's package. */
const sources: readonly (readonly ServerProvider[])[] = [[localBinary, distributionPackage], providersOf("mysql-9")];

/** A MariaDB and a MySQL, one after the other. One that is not available is reported and left out. */
export async function* bothServers(): AsyncGenerator<RunningServer> {
  for (const among of sources) {
    const server = await findServer(() => {}, among).catch(tellMissing);
    if (server === undefined) continue;
    await using _stopped = server;
    yield server;
  }
}

function tellMissing(error: unknown): void {
  if (!(error instanceof MigrateError) || error.code !== "NO_SERVER") throw error;
  for (const reason of [error.details.found ?? []].flat()) process.stdout.write(`left out: ${reason}\n`);
}

/** Creates an empty database. */
export async function newDatabase(server: RunningServer, database: string): Promise<Target> {
  const { host, port, user, password } = server;
  const account = { host, port, user, password, tls: { mode: "preferred" } } as const;
  await using db = await connect({ ...account, database: "mysql" });
  await db.run(`CREATE DATABASE ${database} CHARACTER SET latin1`);
  return { ...account, database };
}

/** Creates a database with the official schema, and applies all migrations and procedures. */
export async function migratedDatabase(server: RunningServer, database: string): Promise<Target> {
  const target = await newDatabase(server, database);
  {
    await using db = await connect(target);
    await loadBase(db, "official");
  }
  await upgrade(target, await loadProcedures());
  return target;
}

/** Applies all migrations, and these procedures. */
export async function upgrade(target: Target, procedures: readonly ProcedureSource[] = []): Promise<void> {
  const never = new AbortController().signal;
  await up({
    connect: (role) => connect(target, role),
    migrations: await loadMigrations(),
    procedures,
    repair: false,
    allowLate: false,
    confirm: async () => {},
    progress: () => {},
    signals: { stop: never, kill: never },
  });
}
