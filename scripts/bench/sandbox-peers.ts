/** Other ways to the same content: the stock client loads the same scripts. */
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { baseFiles } from "../../src/base/base-files.ts";
import type { Base } from "../../src/base/base.ts";
import { connect } from "../../src/db/connect.ts";
import type { Target } from "../../src/db/db.ts";
import type { ServerBinary } from "../../src/server/binary.ts";
import { emptyDataDirectory } from "../../src/server/data-directory.ts";
import { type PrivateServer, startPrivateServer } from "../../src/server/private-server.ts";
import type { RunningServer } from "../../src/server/provider.ts";
import { sandboxSettings } from "../../src/server/sandbox-settings.ts";
import { type StockClient, stockClient } from "../../test/support/stock-client.ts";
import type { Installed } from "./installed.ts";
import { type Work, once } from "./measure.ts";
import { rowsScript } from "./sandbox-rows.ts";
import { newDatabase } from "./servers.ts";

const DATABASE = "ispyb_loaded";

export interface Scripts {
  readonly client: StockClient;
  /** The base, what `plan --sql` prints for it, and the rows of the story. */
  readonly inOrder: readonly Uint8Array[];
}

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A server for the stock client, as fast as ours: its data are in memory as well. */
export async function serverInMemory(binary: ServerBinary): Promise<PrivateServer> {
  const copyOf = await emptyDataDirectory(binary);
  return startPrivateServer(binary, { copyOf, memory: true, args: sandboxSettings(binary) });
}

/** The scripts by which a person makes this content, prepared once. */
export async function scriptsOf(server: RunningServer, base: Base, story: string, build: Installed): Promise<Scripts> {
  const client = await stockClient(() => {});
  if ("reason" in client) throw new Error(client.reason);
  const { files } = await baseFiles(base);
  // As `loadBase` loads it: newer servers refuse zero dates as defaults.
  const loaded = files.map(({ path }) =>
    Buffer.concat([Buffer.from("SET SESSION sql_mode = '';\n"), readFileSync(path)]),
  );
  const target = await newDatabase(server, DATABASE);
  const place = placeOf(server);
  await sendAll({ client, inOrder: loaded }, place);
  const file = join(mkdtempSync(join(build.folder, "plan-")), "plan.sql");
  once(build.command(target, "plan", "--sql", file));
  const plan = readFileSync(file);
  await sendAll({ client, inOrder: [plan] }, place);
  once(build.command(target, "seed", story, "--yes"));
  const rows = await rowsScript(place);
  await dropDatabase(target);
  return { client, inOrder: [...loaded, plan, rows] };
}

/** Only the loading: the server is there. */
export function loading(server: RunningServer, scripts: Scripts): Work {
  return {
    name: "the stock client loads the same scripts",
    once: async () => {
      const started = performance.now();
      const target = await newDatabase(server, DATABASE);
      await sendAll(scripts, placeOf(server));
      const took = performance.now() - started;
      await dropDatabase(target);
      return took;
    },
  };
}

/** One client after the other. */
export async function sendAll({ client, inOrder }: Scripts, place: Place): Promise<void> {
  for (const script of inOrder) {
    const ended = await client.run(place, script);
    if (ended.code !== 0) throw new Error(`the stock client failed on port ${place.port}:\n${ended.output}`);
  }
}

// --- internal ---

function placeOf({ host, port, user, password }: RunningServer): Place {
  return { host, port, user, password, database: DATABASE };
}

async function dropDatabase(target: Target): Promise<void> {
  await using db = await connect(target);
  await db.run(`DROP DATABASE ${DATABASE}`);
}
