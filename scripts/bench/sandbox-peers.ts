/** Other ways to the same content: the stock client loads the same scripts, on a running server or in a container. */
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { baseFiles } from "../../src/base/base-files.ts";
import type { Base } from "../../src/base/base.ts";
import { connect } from "../../src/db/connect.ts";
import type { ServerBinary } from "../../src/server/binary.ts";
import { containerOfImage } from "../../src/server/container.ts";
import { emptyDataDirectory } from "../../src/server/data-directory.ts";
import { type PrivateServer, startPrivateServer } from "../../src/server/private-server.ts";
import type { RunningServer } from "../../src/server/provider.ts";
import { sandboxSettings } from "../../src/server/sandbox-settings.ts";
import { type StockClient, stockClient } from "../../test/support/stock-client.ts";
import type { Installed } from "./installed.ts";
import { type Work, once } from "./measure.ts";
import { newDatabase } from "./servers.ts";

const DATABASE = "ispyb_loaded";

export interface Scripts {
  readonly client: StockClient;
  /** The base, and what `plan --sql` prints for it. */
  readonly inOrder: readonly Uint8Array[];
}

/** A server for the stock client, as fast as ours: its data are in memory as well. */
export async function serverInMemory(binary: ServerBinary): Promise<PrivateServer> {
  const copyOf = await emptyDataDirectory(binary);
  return startPrivateServer(binary, { copyOf, memory: true, args: sandboxSettings(binary) });
}

/** The scripts by which a person makes this content. */
export async function scriptsOf(server: RunningServer, base: Base, build: Installed): Promise<Scripts> {
  const client = await stockClient(() => {});
  if ("reason" in client) throw new Error(client.reason);
  const { files } = await baseFiles(base);
  // As `loadBase` loads it: newer servers refuse zero dates as defaults.
  const loaded = files.map(({ path }) =>
    Buffer.concat([Buffer.from("SET SESSION sql_mode = '';\n"), readFileSync(path)]),
  );
  const target = await newDatabase(server, DATABASE);
  for (const script of loaded) await send(client, server, script);
  const folder = mkdtempSync(join(build.folder, "plan-"));
  const file = join(folder, "plan.sql");
  once(build.command(target, "plan", "--sql", file));
  await dropDatabase(server);
  return { client, inOrder: [...loaded, readFileSync(file)] };
}

/** Only the loading: the server is there. */
export function loading(server: RunningServer, { client, inOrder }: Scripts): Work {
  return {
    name: "the stock client loads the same scripts",
    once: async () => {
      const started = performance.now();
      await newDatabase(server, DATABASE);
      for (const script of inOrder) await send(client, server, script);
      const took = performance.now() - started;
      await dropDatabase(server);
      return took;
    },
  };
}

/** A container by testcontainers, its data in memory, and the same loading. */
export function inContainer(image: string, { client, inOrder }: Scripts): Work {
  return {
    name: `testcontainers, ${image}, with the same content`,
    once: async () => {
      const started = performance.now();
      const server = await containerOfImage(image).start(() => {});
      if ("reason" in server) throw new Error(server.reason);
      await using _stopped = server;
      await newDatabase(server, DATABASE);
      for (const script of inOrder) await send(client, server, script);
      return performance.now() - started;
    },
  };
}

// --- internal ---

async function send(client: StockClient, server: RunningServer, script: Uint8Array): Promise<void> {
  const { host, port, user, password } = server;
  const ended = await client.run({ host, port, user, password, database: DATABASE }, script);
  if (ended.code !== 0) throw new Error(`the stock client failed on ${server.description}:\n${ended.output}`);
}

async function dropDatabase({ host, port, user, password }: RunningServer): Promise<void> {
  await using db = await connect({ host, port, user, password, database: DATABASE, tls: { mode: "preferred" } });
  await db.run(`DROP DATABASE ${DATABASE}`);
}
