import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ServerBinary } from "../../src/server/binary.ts";
import { digHoles, emptyDataDirectory } from "../../src/server/data-directory.ts";
import { findProgram } from "../../src/server/find.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";
import { type Lane, type Prepared, everythingIsWanted } from "./lanes.ts";
import { fillTemplate, fillUpgraded } from "./template.ts";
import { within } from "./within.ts";

/** The shared tablespace grows by what it needs and not by 64 MB, of which every test would copy each. */
const SMALL = ["--innodb-autoextend-increment=1"];

/** Finds the lane's program, and makes the data directory that every test server of the lane is a copy of. */
export async function prepareLane(lane: Lane, folder: string, report: (line: string) => void): Promise<Prepared> {
  const download = lane.always === true || everythingIsWanted();
  const binary = await findProgram(lane.name, report, { download });
  if (!("file" in binary)) {
    const reason = binary.map((refusal) => `${refusal.provider}: ${refusal.reason}`).join("; ");
    const remedies = download ? binary.map(({ remedy }) => remedy) : ["ISPYB_TEST=all scripts/test downloads it"];
    return { kind: "missing", reason, remedy: remedies.join("; ") };
  }
  const template = join(folder, lane.name);
  await cp(await emptyDataDirectory(binary), template, { recursive: true });
  await fill(binary, template);
  // Each copy is a server of its own, and says so by its own identity.
  await rm(join(template, "auto.cnf"), { force: true });
  await digHoles(template);
  return { kind: "ready", binary, template };
}

async function fill(binary: ServerBinary, template: string): Promise<void> {
  await using server = await startPrivateServer(binary, { directory: template, args: SMALL });
  await within(fillTemplate(server), `the template of ${binary.description}`);
  await within(fillUpgraded(server), `the upgraded template of ${binary.description}`);
}
