import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, startCluster } from "./cluster.ts";
import { findGalera } from "./galera.ts";
import { everythingIsWanted, wantedLanes } from "./lanes.ts";

/**
 * The body on three nodes, started once for a file; `nodes()` is for inside the tests. Without the provider of Galera it is
 * skipped, with the reason in its name, and fails where everything is wanted.
 */
export async function onCluster(name: string, body: (nodes: () => Cluster["nodes"]) => void): Promise<void> {
  const galera = await findGalera();
  const title = `${name} [three nodes]`;
  if (typeof galera === "string") {
    const isWanted = everythingIsWanted() && wantedLanes().some((lane) => lane.name === "mariadb-10.11");
    if (isWanted) test(title, () => expect.fail(`the provider of Galera is missing: ${galera}`));
    else test.skip(`${title}: ${galera}`);
    return;
  }
  describe.skipIf(!wantedLanes().some((lane) => lane.name === galera.lane))(title, () => {
    let cluster: Cluster | undefined;
    beforeAll(async () => {
      cluster = await startCluster(galera);
    });
    afterAll(async () => {
      await cluster?.[Symbol.asyncDispose]();
    });
    body(() => {
      if (cluster === undefined) throw new Error("the cluster is asked for outside of a test");
      return cluster.nodes;
    });
  });
}
