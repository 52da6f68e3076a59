/** An upgrade inside the test's process, with the doors that a test wants to tamper with. */
import { introspect } from "../../src/catalog/introspect.ts";
import { readServer } from "../../src/catalog/server.ts";
import { connect } from "../../src/db/connect.ts";
import type { Target } from "../../src/db/db.ts";
import { type DownOptions, type DownResult, down } from "../../src/migrate/down/down.ts";
import { type UpOptions, type UpResult, up } from "../../src/migrate/up.ts";
import type { Catalog } from "../../src/model.ts";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { loadProcedures } from "../../src/repeatables/procedures/source.ts";
import { journalTable, leaseTable } from "../../src/state/tables.ts";
import { temporaryFolder } from "./folder.ts";
import type { TestDatabase } from "./servers.ts";

/** Where a database is, and root's password. */
type Address = Pick<TestDatabase, "host" | "port" | "user" | "password" | "database">;

export function targetOf(db: Address, account: { user?: string; password?: string } = {}): Target {
  const { host, port, user, password, database } = db;
  return { host, port, user, password, database, tls: { mode: "preferred" }, getServerPublicKey: true, ...account };
}

export type Tampering = Partial<UpOptions>;

export async function upgrade(db: Address, tampering: Tampering = {}): Promise<UpResult> {
  const never = new AbortController().signal;
  return up({
    connect: (role) => connect(targetOf(db), role),
    migrations: await loadMigrations(),
    // Whoever tampers with the migrations has not the columns that procedures need.
    procedures: tampering.migrations === undefined ? await loadProcedures() : [],
    confirm: async () => {},
    progress: () => {},
    signals: { stop: never, kill: never },
    repair: false,
    allowLate: false,
    ...tampering,
  });
}

/** Back again, with everything lost that has to be; `until` is the first migration unless tampered with. */
export async function takeDown(db: TestDatabase, tampering: Partial<DownOptions> = {}): Promise<DownResult> {
  const never = new AbortController().signal;
  const migrations = tampering.migrations ?? (await loadMigrations());
  await using folder = await temporaryFolder();
  return await down({
    connect: (role) => connect(targetOf(db), role),
    migrations,
    until: { to: migrations[0]?.name ?? "" },
    allowDataLoss: true,
    saveTo: folder.path,
    confirm: async () => {},
    progress: () => {},
    signals: { stop: never, kill: never },
    ...tampering,
  });
}

/** Of every migration of the project, in order. */
export async function migrationNames(): Promise<string[]> {
  return (await loadMigrations()).map(({ name }) => name);
}

/** The whole catalog, with the tool's tables left out. */
export async function catalogOf(db: TestDatabase): Promise<Catalog> {
  await using session = await connect(targetOf(db));
  const { dialect } = await readServer(session);
  const catalog = await introspect(session, dialect);
  const { [journalTable]: _journal, [leaseTable]: _lease, ...tables } = catalog.tables;
  return { ...catalog, tables };
}

/** What the journal says, without times, connections and fences. */
export function journalOf(db: TestDatabase) {
  return db.query(
    `SELECT migration, step, what, state, checksum, statement FROM ${journalTable} ORDER BY migration, step`,
  );
}

/** The verbs of all that the server was sent since its general log was emptied, but for the tests' own housekeeping. */
export async function verbsSent(db: TestDatabase): Promise<string[]> {
  const rows = await db.query<{ statement: string }>(
    "SELECT CONVERT(argument USING utf8mb4) AS statement FROM mysql.general_log WHERE command_type IN ('Query', 'Execute', 'Prepare')",
  );
  const own = rows.filter(({ statement }) => !statement.includes("general_log"));
  return [...new Set(own.map(({ statement }) => statement.trim().split(/\s/)[0]?.toUpperCase() ?? ""))].toSorted();
}

/** Checksums of every table's rows, as the server sees them, by the table's name. */
export async function checksums(db: TestDatabase): Promise<Record<string, unknown>> {
  const tables = await db.query<{ name: string }>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
  );
  const list = tables.map(({ name }) => `\`${name}\``).join(", ");
  const rows = await db.query<{ Table: string; Checksum: unknown }>(`CHECKSUM TABLE ${list}`);
  return Object.fromEntries(rows.map((row) => [row.Table.slice(row.Table.indexOf(".") + 1), row.Checksum]));
}
