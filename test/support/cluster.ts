/**
 * A Galera cluster of three nodes on this machine. All begin with equal data, so that a joining node needs no copy: its
 * transfer script only says so, and what happened meanwhile comes from the log of another node.
 */
import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";
import { freePort, startPrivateServer } from "../../src/server/private-server.ts";
import { temporaryFolder } from "./folder.ts";
import type { GaleraProvider } from "./galera.ts";
import { type TestDatabase, testDatabase } from "./servers.ts";
import { databases } from "./template.ts";
import { until } from "./within.ts";

export interface Cluster extends AsyncDisposable {
  /** The same database, through each node. */
  readonly nodes: readonly [TestDatabase, TestDatabase, TestDatabase];
}

/** What the second node tells the others of its address; the first and the third leave it out, as is usual. */
export const TOLD = "db2.example:3307";

const prepared = inject("preparedLanes");

const TRANSFER = `#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in
    --role) role=$2 ;;
    --address) address=$2 ;;
    --gtid) state=$2 ;;
  esac
  shift
done
told="$(dirname "$0")/told-\${address##*:}"
if [ "$role" = joiner ]; then
  echo "ready $address"
  # Without an answer it ends with the folder, so that nothing of a test is left.
  until [ -s "$told" ]; do [ -e "$0" ] || exit 32; sleep 0.02; done
  cat "$told"
else
  echo continue
  echo "$state" > "$told.part"
  mv "$told.part" "$told"
  echo "done $state"
fi
`;

/** Less than the defaults, for what a node does when it loses the others; more than a loaded machine keeps it waiting. */
const timing = [
  "evs.keepalive_period=PT0.3S",
  "evs.suspect_timeout=PT3S",
  "evs.inactive_timeout=PT5S",
  "evs.inactive_check_period=PT0.2S",
  "evs.install_timeout=PT5S",
  "repl.causal_read_timeout=PT2S",
  "gcache.size=32M",
  "pc.recovery=no",
];

/** Starts the nodes, and waits until each of them has joined. */
export async function startCluster(provider: GaleraProvider): Promise<Cluster> {
  const state = prepared[provider.lane];
  if (state?.kind !== "ready") throw new Error(`the lane ${provider.lane} is not there`);
  const folder = await temporaryFolder();
  const nodes: TestDatabase[] = [];
  const dispose = async () => {
    await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
    await folder[Symbol.asyncDispose]();
  };
  try {
    const script = join(folder.path, "wsrep_sst_equal");
    await writeFile(script, TRANSFER, { mode: 0o755 });
    const { binary } = state;
    const program = { ...binary, env: { ...binary.env, PATH: `${folder.path}:${process.env["PATH"] ?? ""}` } };
    const data = join(folder.path, "data");
    await cp(state.template, data, { recursive: true });
    // Only data of a former member have a place in the history of a cluster.
    const args = argumentsOf(provider, await places(), []);
    await (await startPrivateServer(program, { directory: data, args }))[Symbol.asyncDispose]();
    await rm(join(data, "galera.cache"), { force: true });

    const all = [await places(), await places(), await places()];
    for (const [at, own] of all.entries()) {
      const others = at === 0 ? [] : all.map(({ group }) => group);
      const server = await startPrivateServer(program, {
        copyOf: data,
        memory: true,
        args: [...argumentsOf(provider, own, others), ...(at === 1 ? [`--wsrep-node-incoming-address=${TOLD}`] : [])],
      });
      const node = testDatabase(server, { name: provider.lane, vendor: "mariadb" }, databases.official);
      nodes.push(node);
      await until(() => isSynced(node), `node ${at} of the cluster`);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  const [first, second, third] = nodes;
  if (first === undefined || second === undefined || third === undefined) throw new Error("a node is missing");
  return { nodes: [first, second, third], [Symbol.asyncDispose]: dispose };
}

// --- internal ---

interface Places {
  readonly group: number;
  readonly increments: number;
  readonly transfer: number;
}

async function places(): Promise<Places> {
  return { group: await freePort(), increments: await freePort(), transfer: await freePort() };
}

/** `others`: the ports of the group to join; none founds it. */
function argumentsOf({ file }: GaleraProvider, at: Places, others: readonly number[]): string[] {
  const address = (port: number) => `127.0.0.1:${port}`;
  const options = [
    `gmcast.listen_addr=tcp://${address(at.group)}`,
    `ist.recv_addr=${address(at.increments)}`,
    ...timing,
  ];
  return [
    "--wsrep-on=ON",
    `--wsrep-provider=${file}`,
    `--wsrep-cluster-address=gcomm://${others.map(address).join(",")}`,
    ...(others.length === 0 ? ["--wsrep-new-cluster"] : []),
    `--wsrep-node-address=${address(at.group)}`,
    `--wsrep-sst-receive-address=${address(at.transfer)}`,
    `--wsrep-provider-options=${options.join(";")}`,
    "--wsrep-sst-method=equal",
    "--binlog-format=ROW",
    "--innodb-autoinc-lock-mode=2",
    "--skip-ssl",
  ];
}

async function isSynced(node: TestDatabase): Promise<boolean> {
  const [row] = await node.query<{ Value: string }>("SHOW STATUS LIKE 'wsrep_local_state_comment'");
  return row?.Value === "Synced";
}
