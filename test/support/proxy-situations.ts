/** What `up` does behind each kind of proxy, in front of a primary with its replica or of two nodes of a cluster. */
import { expect } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import type { TestDatabase } from "./servers.ts";
import {
  type Route,
  eachClientToTheNext,
  proxyTo,
  reconnectsBefore,
  roundRobin,
  splitsReads,
  stable,
} from "./sql-proxy.ts";
import { otherDatabase } from "./replica.ts";
import { createDatabase } from "./template.ts";

interface ProxySituation {
  readonly what: string;
  readonly outcome: "done" | "SESSION_MOVED";
  readonly route: () => Route;
  /** The servers that answer. */
  readonly servers: 1 | 2;
}

const moved = "SESSION_MOVED" as const;

export const proxies: readonly ProxySituation[] = [
  { what: "keeps each client on one server", outcome: "done", route: () => stable, servers: 1 },
  { what: "splits reads", outcome: moved, route: () => splitsReads, servers: 2 },
  { what: "sends each statement to the next server", outcome: moved, route: () => roundRobin, servers: 2 },
  { what: "sends each client to the next server", outcome: moved, route: () => eachClientToTheNext, servers: 2 },
  {
    what: "opens another session in silence",
    outcome: moved,
    route: () => reconnectsBefore(/^SELECT TABLE_NAME/),
    servers: 1,
  },
];

export async function toolTables(db: TestDatabase): Promise<unknown[]> {
  return db.query("SHOW TABLES LIKE 'ispyb\\_migrate\\_%'");
}

/** Fails unless the outcome is the promised one: all of it on the first server, or nothing on any of them. */
export async function playProxy(
  servers: readonly [TestDatabase, TestDatabase],
  { outcome, route, servers: answering }: ProxySituation,
): Promise<void> {
  const [first] = servers;
  if (outcome === "done") {
    await createDatabase(first, "proxied", "official");
    await using proxied = await proxyTo([otherDatabase(first, "proxied")], route());
    for (const args of [["up", "--yes"], ["verify"], ["seed", "multi-sweep", "--yes"]]) {
      const { exit, stderr } = await runOn(proxied, args);
      expect([args[0], exit], stderr).toEqual([args[0], 0]);
    }
    const nodes = await first.query<{ node: string }>("SELECT DISTINCT node FROM proxied.ispyb_migrate_journal");
    expect(nodes.map(({ node }) => node)).toEqual([expect.stringContaining(`:${first.port} `)]);
    return;
  }
  await using proxied = await proxyTo(servers, route());
  const { exit, stdout, stderr } = await runOn(proxied, ["up", "--yes"]);
  expect([exit, stdout], stderr).toEqual([4, ""]);
  expect(stderr).toContain(
    `error ${outcome}: a proxy sends the statements of this run to more than one server or session\n`,
  );
  for (const db of servers.slice(0, answering)) expect(stderr).toContain(`:${db.port} (server id `);
  for (const db of servers) expect(await toolTables(db)).toEqual([]);
}
