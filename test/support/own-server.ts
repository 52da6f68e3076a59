import { inject } from "vitest";
import { emptyDataDirectory } from "../../src/server/data-directory.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";
import { prepareContainerLane } from "./container-lane.ts";
import { type Lane, type TestDatabase, testDatabase } from "./servers.ts";
import { databases, fillTemplate } from "./template.ts";
import { giveBack, takeServer } from "./ticket.ts";

const prepared = inject("preparedLanes");

/**
 * The base of the official flavour on a server that was set up with these settings. For those that hold
 * from the first table on; what can be set on a running server is set on one of freshDatabase().
 */
export async function databaseSetUpWith(lane: Lane, settings: readonly string[]): Promise<TestDatabase> {
  const state = prepared[lane.name];
  if (state?.kind === "process") {
    const data = await emptyDataDirectory(state.binary);
    const server = await startPrivateServer(state.binary, { copyOf: data, args: settings });
    await fillTemplate(server);
    return testDatabase(server, lane, databases.official);
  }
  const { prepared: own, stop } = await prepareContainerLane(lane, () => {}, { servers: 1, settings });
  if (own.kind !== "container") throw new Error(`the lane ${lane.name} is not there`);
  const place = await takeServer(own.host, own.ports, own.password);
  const close = async () => {
    await giveBack(place);
    await stop();
  };
  return testDatabase({ ...place, [Symbol.asyncDispose]: close }, lane, databases.official);
}
