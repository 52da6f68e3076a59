import { inject } from "vitest";
import { emptyDataDirectory } from "../../src/server/data-directory.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";
import { prepareContainerLane } from "./container-lane.ts";
import { type Lane, type TestDatabase, testDatabase } from "./servers.ts";
import { databases, fillTemplate } from "./template.ts";
import { takeServer } from "./ticket.ts";

const prepared = inject("preparedLanes");

/**
 * The base of the official flavour on a server that was set up with these arguments. For what holds from
 * the first table on; what a running server can be told is told to one of freshDatabase().
 */
export async function databaseSetUpWith(lane: Lane, settings: readonly string[]): Promise<TestDatabase> {
  const state = prepared[lane.name];
  if (state?.kind === "process") {
    const copyOf = await emptyDataDirectory(state.binary);
    const server = await startPrivateServer(state.binary, { copyOf, args: settings });
    await fillTemplate(server);
    return testDatabase(server, lane, databases.official);
  }
  const { prepared: own, stop } = await prepareContainerLane(lane, () => {}, { servers: 1, settings, upgraded: false });
  if (own.kind !== "container") throw new Error(`the lane ${lane.name} is not there`);
  const place = await takeServer(own.host, own.ports, own.password);
  return testDatabase({ ...place, [Symbol.asyncDispose]: stop }, lane, databases.official);
}
