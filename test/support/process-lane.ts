import { cp } from "node:fs/promises";
import { join } from "node:path";
import { emptyDataDirectory } from "../../src/server/data-directory.ts";
import { unpackDistributionPackage } from "../../src/server/distribution-package.ts";
import { findLocalBinary } from "../../src/server/local-binary.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";
import type { Prepared } from "./lanes.ts";
import { fillTemplate, fillUpgraded } from "./template.ts";
import { within } from "./within.ts";

/** The series that the lane is measured on; another version of this machine is not this lane. */
const SERIES = "10.11.";

/** The shared tablespace grows by what it needs and not by 64 MB, of which every test would copy each. */
const SMALL = ["--innodb-autoextend-increment=1"];

/** Makes the data directory that every test server of this lane is a copy of. */
export async function prepareProcessLane(folder: string, report: (line: string) => void): Promise<Prepared> {
  const local = await findLocalBinary();
  const fits = !("reason" in local) && local.vendor === "mariadb" && local.version.startsWith(SERIES);
  const binary = fits ? local : await unpackDistributionPackage(report);
  if ("reason" in binary) return { kind: "missing", ...binary };
  if (!binary.version.startsWith(SERIES)) {
    return {
      kind: "missing",
      reason: `this machine's distribution has MariaDB ${binary.version}`,
      remedy: "run the tests on Debian 12, or put a mariadbd 10.11 on the PATH",
    };
  }
  const template = join(folder, "template");
  await cp(await emptyDataDirectory(binary), template, { recursive: true });
  await using server = await startPrivateServer(binary, { directory: template, args: SMALL });
  await within(fillTemplate(server), `the template of ${binary.description}`);
  await within(fillUpgraded(server), `the upgraded template of ${binary.description}`);
  return { kind: "process", binary, template };
}
