import { join } from "node:path";
import { inject } from "vitest";
import { makeDataDirectory } from "../../src/server/data-directory.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";
import { temporaryFolder } from "./folder.ts";
import { type Lane, type TestDatabase, testDatabase } from "./servers.ts";
import { databases, fillTemplate } from "./template.ts";

const prepared = inject("preparedLanes");

/**
 * The base of the official flavour on a server that was set up with these arguments. For what holds from
 * the first table on; what a running server can be told is told to one of freshDatabase().
 */
export async function databaseSetUpWith(lane: Lane, settings: readonly string[]): Promise<TestDatabase> {
  const state = prepared[lane.name];
  if (state?.kind !== "ready") throw new Error(`the lane ${lane.name} is not there`);
  await using folder = await temporaryFolder();
  const copyOf = join(folder.path, "data");
  await makeDataDirectory(state.binary, copyOf, settings);
  const server = await startPrivateServer(state.binary, { copyOf, args: settings, memory: true });
  await fillTemplate(server);
  return testDatabase(server, lane, databases.official);
}

/**
 * A fresh database whose server is started with these arguments, for what a running server cannot be told. `prefix`
 * comes before the server's program in its command.
 */
export async function databaseStartedWith(
  lane: Lane,
  base: keyof typeof databases,
  args: readonly string[],
  prefix: readonly string[] = [],
): Promise<TestDatabase> {
  const state = prepared[lane.name];
  if (state?.kind !== "ready") throw new Error(`the lane ${lane.name} is not there`);
  const binary = { ...state.binary, prefix: [...prefix, ...state.binary.prefix] };
  const server = await startPrivateServer(binary, { copyOf: state.template, memory: true, args });
  return testDatabase(server, lane, databases[base]);
}
