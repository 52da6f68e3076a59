import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ServerBinary } from "../../src/server/binary.ts";
import { shrink, emptyDataDirectory } from "../../src/server/data-directory.ts";
import { findProgram } from "../../src/server/find.ts";
import { type PrivateServer, startPrivateServer } from "../../src/server/private-server.ts";
import { type Lane, type Prepared, everythingIsWanted } from "./lanes.ts";
import { fillShared, fillTemplate, fillUpgraded } from "./template.ts";
import { within } from "./within.ts";

/** The shared tablespace grows by what it needs and not by 64 MB, of which every test would copy each. */
const SMALL = ["--innodb-autoextend-increment=1"];

/** Finds the lane's program, and makes the data directories that every test server of the lane is a copy of. */
export async function prepareLane(lane: Lane, folder: string, report: (line: string) => void): Promise<Prepared> {
  const download = lane.always === true || everythingIsWanted();
  const binary = await findProgram(lane.name, report, { download });
  if (!("file" in binary)) {
    const reason = binary.map((refusal) => `${refusal.provider}: ${refusal.reason}`).join("; ");
    const remedies = download ? binary.map(({ remedy }) => remedy) : ["ISPYB_TEST=all scripts/test downloads it"];
    return { kind: "missing", reason, remedy: remedies.join("; ") };
  }
  const template = join(folder, lane.name);
  await makeTemplate(binary, template, await emptyDataDirectory(binary), async (server) => {
    await within(fillTemplate(server), `the template of ${binary.description}`);
    await within(fillUpgraded(server), `the upgraded template of ${binary.description}`);
  });
  const shared = join(folder, `${lane.name}-shared`);
  await makeTemplate(binary, shared, template, (server) =>
    within(fillShared(server), `the template of shared servers of ${binary.description}`),
  );
  return { kind: "ready", binary, template, shared };
}

/** A copy of a data directory, with what `fill` adds to it. */
async function makeTemplate(
  binary: ServerBinary,
  template: string,
  copyOf: string,
  fill: (server: PrivateServer) => Promise<void>,
): Promise<void> {
  await cp(copyOf, template, { recursive: true });
  {
    await using server = await startPrivateServer(binary, { directory: template, args: SMALL });
    await fill(server);
  }
  // Each copy is a server of its own, and says so by its own identity.
  await rm(join(template, "auto.cnf"), { force: true });
  await shrink(template);
}
