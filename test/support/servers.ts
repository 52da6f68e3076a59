/** What integration tests use: lanes, and databases of their own on real servers. */
import { type Connection, type RowDataPacket, createConnection } from "mysql2/promise";
import { describe, expect, inject, test } from "vitest";
import { type PrivateServer, startPrivateServer } from "../../src/server/private-server.ts";
import { type Lane, everythingIsWanted, wantedLanes } from "./lanes.ts";
import { databases, upgradedDatabases } from "./template.ts";
import { within } from "./within.ts";

export type { Lane } from "./lanes.ts";

/** Where a server listens, for root. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly socket?: string;
}

/** A database on a server that nobody else uses. It may be wrecked in any way. */
export interface TestDatabase extends AsyncDisposable, Place {
  readonly database: string;
  readonly lane: Lane;
  /** Rows (or the outcome) of one statement, as root over the raw driver, past all of our own code. */
  query<R extends object = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  /** A raw connection of its own; closed with the database. */
  connection(): Promise<Connection>;
}

const prepared = inject("preparedLanes");
// What is provided by the set-up that the tests without a server go without.
if ((prepared as unknown) === undefined) {
  throw new Error("a test named .pure asks for a server: name it .test.ts, or let it do without");
}

/** The lanes that can be used in this run. @public */
export const lanes: readonly Lane[] = wantedLanes().filter((lane) => prepared[lane.name]?.kind === "ready");

/**
 * The body once per lane. A missing lane is skipped, and fails where everything is wanted. `sideBySide`: its
 * tests run at the same time, for those that wait more than they work.
 */
export function onEveryServer(
  name: string,
  body: (lane: Lane) => void,
  { sideBySide = false }: { readonly sideBySide?: boolean } = {},
): void {
  for (const lane of wantedLanes()) {
    const state = prepared[lane.name];
    const title = `${name} [${lane.name}]`;
    if (state?.kind === "ready") {
      describe(title, { concurrent: sideBySide }, () => body(lane));
    } else if (everythingIsWanted()) {
      test(title, () => expect.fail(`the lane ${lane.name} is missing: ${state?.reason}. ${state?.remedy}`));
    } else {
      describe.skip(title, () => body(lane));
    }
  }
}

export interface DatabaseOptions {
  /** The server's `mysql.general_log` holds every statement that comes after this call. */
  readonly generalLog?: boolean;
  /** The server offers TLS, if this series can. */
  readonly tls?: boolean;
}

/**
 * A server of its own for one test, and on it the base of a flavour or an empty database:
 * `await using db = await freshDatabase(lane, "official")`.
 */
export function freshDatabase(
  lane: Lane,
  base: keyof typeof databases,
  options: DatabaseOptions = {},
): Promise<TestDatabase> {
  return databaseOnNewServer(lane, databases[base], options);
}

/** The same after an `up` of everything, for a test that is about what comes after it. */
export function upgradedDatabase(
  lane: Lane,
  base: keyof typeof upgradedDatabases,
  options: DatabaseOptions = {},
): Promise<TestDatabase> {
  return databaseOnNewServer(lane, upgradedDatabases[base], options);
}

async function databaseOnNewServer(lane: Lane, name: string, options: DatabaseOptions): Promise<TestDatabase> {
  const database = testDatabase(await startTestServer(lane, options), lane, name);
  if (options.generalLog === true) {
    await database.query("SET GLOBAL log_output = 'TABLE'");
    await database.query("SET GLOBAL general_log = ON");
  }
  return database;
}

/** A server on a copy of the lane's template. */
export function startTestServer(
  lane: Lane,
  { tls = false, shared = false }: DatabaseOptions & { readonly shared?: boolean } = {},
): Promise<PrivateServer> {
  const state = prepared[lane.name];
  if (state?.kind !== "ready") throw new Error(`the lane ${lane.name} is not there`);
  const args = tls ? [] : plain(lane);
  return startPrivateServer(state.binary, { copyOf: shared ? state.shared : state.template, memory: true, args });
}

/** From 11.4 on MariaDB makes a key for TLS at each start, which takes longer than the rest of the start. */
function plain({ vendor }: Lane): readonly string[] {
  return vendor === "mariadb" ? ["--skip-ssl"] : [];
}

/** The database of that name on this server; they go together. */
export function testDatabase(server: Place & AsyncDisposable, lane: Lane, database: string): TestDatabase {
  const { host, port, user, password, socket } = server;
  const open: Connection[] = [];
  const connection = async () => {
    // TCP on every lane, so that the same way is tested everywhere.
    const wanted = { host, port, user, password, database, charset: "utf8mb4", dateStrings: true } as const;
    const raw = await within(createConnection(wanted), `a connection to ${host}:${port}`);
    // A test may kill the connection or the server; then this must not end the process.
    raw.on("error", () => {});
    open.push(raw);
    return raw;
  };
  let root: Promise<Connection> | undefined;
  return {
    host,
    port,
    user,
    password,
    database,
    lane,
    connection,
    ...(socket === undefined ? {} : { socket }),
    async query<R extends object>(sql: string, values?: readonly unknown[]) {
      root ??= connection();
      const [rows] = await (await root).query<RowDataPacket[]>(sql, values === undefined ? undefined : [...values]);
      return (Array.isArray(rows) ? rows : [rows]) as R[];
    },
    async [Symbol.asyncDispose]() {
      for (const raw of open) raw.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}
