/** Two test databases of one content as users get them: in a sandbox, or provisioned on an existing server. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Connection, createConnection } from "mysql2/promise";
import { inject } from "vitest";
import { startSandbox } from "../../src/sandbox/library.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";
import { provisioned } from "../provision/provisioning.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Lane, type TestDatabase, testDatabase } from "../support/servers.ts";
import { databases as onTemplate } from "../support/template.ts";
import { ONE } from "./test-databases.ts";

export interface UsersDatabases extends AsyncDisposable {
  readonly server: TestDatabase;
  /** A raw session of the account of `ispyb_1`, in it. */
  readonly plain: () => Promise<Connection>;
  /** The command that an error of a reset names. */
  readonly command: string;
  /** Does what the command does. */
  readonly runCommand: () => Promise<void>;
}

/** A story, so that the tables of jobs have rows, and official ISPyB with these statements as base. */
const STORY = "multi-sweep";

async function baseWith(statements: readonly string[]) {
  const folder = await temporaryFolder();
  const file = join(folder.path, "besides.sql");
  await writeFile(file, statements.map((sql) => `${sql};\n`).join(""));
  return { base: ["official", file], [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

export async function inSandbox(lane: Lane, besides: readonly string[]): Promise<UsersDatabases> {
  await using content = await baseWith(besides);
  const sandbox = await startSandbox({ stories: [STORY], base: content.base, workers: 2, server: lane.name });
  const { host, port, admin } = sandbox;
  const end = { [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose]() };
  // In none of the two databases: servers leave the name of the current one out of the text of views.
  const server = testDatabase({ host, port, ...admin, ...end }, lane, "mysql");
  return {
    server,
    plain: sessionsOf(() => sandbox.url),
    command: `ispyb-migrate sandbox reset ${ONE}`,
    runCommand: () => sandbox.reset(ONE),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Without these two the program does not start beside others, or where its package is not installed. */
const neededByMysql = ["--mysqlx=OFF", "--secure-file-priv=NULL"];

/** On a server with the vendor's own settings. */
export async function onServerWithDefaults(lane: Lane, besides: readonly string[]): Promise<UsersDatabases> {
  const state = inject("preparedLanes")[lane.name];
  if (state?.kind !== "ready") throw new Error(`the lane ${lane.name} is not there`);
  const content = await baseWith(besides);
  const settings = lane.vendor === "mysql" ? neededByMysql : [];
  const own = await startPrivateServer(state.binary, { copyOf: state.template, memory: true, settings });
  const server = testDatabase(own, lane, onTemplate.empty);
  const args = [STORY, ...content.base.flatMap((base) => ["--base", base]), "--workers", "2"];
  let [one] = await provisioned(server, args);
  return {
    server,
    plain: sessionsOf(() => one?.url ?? ""),
    command: "ispyb-migrate provision",
    async runCommand() {
      [one] = await provisioned(server, args);
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await content[Symbol.asyncDispose]();
    },
  };
}

// --- internal ---

function sessionsOf(url: () => string): () => Promise<Connection> {
  return async () => {
    const session = await createConnection({
      uri: url(),
      charset: "utf8mb4",
      dateStrings: true,
      supportBigNumbers: true,
    });
    session.on("error", () => {});
    return session;
  };
}
