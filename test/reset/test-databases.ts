/** Two test databases of one content on a server of their own, as plain accounts see them. */
import type { Connection } from "mysql2/promise";
import { createConnection } from "mysql2/promise";
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import { cloneDatabase } from "../../src/reset/clone.ts";
import { takePristine } from "../../src/reset/content.ts";
import { installReset } from "../../src/reset/install.ts";
import { resetDatabase } from "../../src/reset/reset.ts";
import { type Lane, type TestDatabase, upgradedDatabase } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";

export const [ONE, TWIN] = ["ispyb_1", "ispyb_2"] as const;

export interface TestDatabases extends AsyncDisposable {
  /** The server, and the database that the content was taken from. */
  readonly server: TestDatabase;
  /** An administrator's session of the tool. */
  readonly admin: Db;
  /** A raw session of the account of `ispyb_1`, in it; or of another one. */
  readonly plain: (name?: string) => Promise<Connection>;
  /** CALL ispyb_sandbox.reset, by the account of the database. */
  readonly reset: (name?: string) => Promise<void>;
  /** Makes `ispyb_1` again as a whole, where a reset cannot. */
  readonly remake: () => Promise<void>;
}

/** Settings of a sandbox: what InnoDB counts stays, and every table stays open. */
const sandboxSettings = [
  "SET GLOBAL innodb_stats_auto_recalc = 0",
  "SET GLOBAL table_definition_cache = 4000",
  "SET GLOBAL table_open_cache = 8000",
];

interface Wishes {
  /** False: the server keeps its defaults, as where databases are provisioned. */
  readonly sandbox?: boolean;
  /** Statements for the source, before the content is taken. */
  readonly before?: readonly string[];
}

export async function testDatabases(lane: Lane, { sandbox = true, before = [] }: Wishes = {}): Promise<TestDatabases> {
  const server = await upgradedDatabase(lane, "official");
  for (const sql of sandbox ? sandboxSettings : []) await server.query(sql);
  for (const sql of before) await server.query(sql);
  const admin = await connect(targetOf(server));
  await installReset(admin);
  const content = await takePristine(admin, server.database);
  for (const name of [ONE, TWIN]) {
    await server.query(`CREATE USER ${name}@'%' IDENTIFIED BY '${passwordOf(name)}'`);
    await cloneDatabase(admin, content, { name, account: name, isAlone: true });
  }
  const open: Connection[] = [];
  const plain = async (name: string = ONE) => {
    const { host, port } = server;
    // Databases that a test adds belong to the first account.
    const user = name === TWIN ? TWIN : ONE;
    const account = { host, port, user, password: passwordOf(user), database: name };
    const raw = await createConnection({ ...account, charset: "utf8mb4", dateStrings: true, supportBigNumbers: true });
    raw.on("error", () => {});
    open.push(raw);
    return raw;
  };
  const callers = new Map<string, Promise<Connection>>();
  return {
    server,
    admin,
    plain,
    async reset(name: string = ONE) {
      const caller = callers.get(name) ?? plain(name);
      callers.set(name, caller);
      await (await caller).query(`CALL ispyb_sandbox.reset('${name}')`);
    },
    remake: () => resetDatabase(admin, ONE),
    async [Symbol.asyncDispose]() {
      for (const raw of open) raw.destroy();
      await admin[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

function passwordOf(name: string): string {
  return `Plain.${name}.7`;
}
