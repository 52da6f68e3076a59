/**
 * The script with which a facility asks which updates it has missed, of either flavour, as it is in the
 * checkouts that ISPYB_OFFICIAL_DIR and ISPYB_DIAMOND_DIR name. Nothing of them is part of this project.
 */
import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../../src/server/process.ts";
import { runOn } from "../cli/run-cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { everythingIsWanted } from "../support/lanes.ts";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { stockClient } from "../support/stock-client.ts";
import { load } from "./load.ts";

const clientProgram = new URL("client-program.ts", import.meta.url).pathname;
const found = await stockClient((line) => process.stderr.write(`tests: ${line}\n`));
if ("reason" in found && everythingIsWanted()) throw new Error(found.reason);

/** Where a flavour keeps what the script reads, and which updates its own dump lacks. */
interface Flavour {
  readonly name: string;
  readonly variable: string;
  readonly repository?: string;
  readonly scripts: string;
  readonly updates: string;
  readonly schema: string;
  readonly dump: readonly string[];
  readonly missed: readonly string[];
  /** MySQL refuses current_user() as the default of a column. */
  readonly onlyMariadb?: true;
}

const flavours: readonly Flavour[] = [
  {
    name: "the official schema",
    variable: "ISPYB_OFFICIAL_DIR",
    scripts: "scripts",
    updates: "schema/updates",
    schema: "schema",
    dump: ["1_tables.sql", "2_lookups.sql", "3_data.sql", "4_data_user_portal.sql", "5_routines.sql"],
    missed: ["2024_07_26_SSX_processing_results.sql"],
  },
  {
    name: "Diamond's schema",
    variable: "ISPYB_DIAMOND_DIR",
    repository: "DiamondLightSource/ispyb-database",
    scripts: "bin",
    updates: "schemas/ispyb/updates",
    schema: "schemas/ispyb",
    dump: ["tables.sql", "lookups.sql", "data.sql", "routines.sql"],
    missed: [
      "2026_04_13_AdminVar_bump_version.sql",
      "2026_04_24_AutoProc_autoProcProgramId.sql",
      "2026_05_08_MillingStep_table.sql",
    ],
    onlyMariadb: true,
  },
];

/** Updates that were never merged, by the branch of ispyb/ispyb-database on which they stand. */
const unmerged = {
  "2022_10_06_ProcessingJob.sql": "origin/processing-job",
  "2022_10_06_AutoProcProgramMessage.sql": "origin/autoproc-program-message",
} as const;

const official = process.env["ISPYB_OFFICIAL_DIR"];

/** A copy of what the script reads, with the unmerged updates among the others, and our client before any other. */
async function layOut(root: string, checkout: string, branches: string, flavour: Flavour): Promise<void> {
  for (const script of ["missed_updates.sh", "functions.sh"]) {
    await cp(join(checkout, flavour.scripts, script), join(root, flavour.scripts, script));
  }
  await cp(join(checkout, flavour.updates), join(root, flavour.updates), { recursive: true });
  for (const [file, branch] of Object.entries(unmerged)) {
    const shown = await run("git", ["-C", branches, "show", `${branch}:schema/updates/${file}`]);
    expect(shown.code, shown.output).toBe(0);
    await writeFile(join(root, flavour.updates, file), shown.stdout);
  }
  for (const name of ["mariadb", "mysql"]) {
    const shim = join(root, "path", name);
    await mkdir(dirname(shim), { recursive: true });
    // With the PATH of this process: a client that looked for one here would find itself, without end.
    await writeFile(shim, `#!/bin/sh\nPATH=$ISPYB_TEST_PATH exec '${process.execPath}' '${clientProgram}' "$@"\n`);
    await chmod(shim, 0o755);
  }
}

/** What the script lists. Without a client it would complain on stderr and list every file. */
async function missedUpdates(root: string, db: TestDatabase, { scripts }: Flavour): Promise<string[]> {
  const { host, port, user, password, database } = db;
  const env = {
    PATH: `${join(root, "path")}:${process.env["PATH"]}`,
    ISPYB_TEST_PATH: process.env["PATH"] ?? "",
    DB: database,
    ISPYB_TEST_ACCOUNT: JSON.stringify({ host, port, user, password, database }),
  };
  const { code, stdout, output } = await run("bash", [join(root, scripts, "missed_updates.sh")], { env });
  expect(output, "nothing on stderr").toBe(stdout);
  // It ends as its last comparison did, and that is 1 where the last file was not missed.
  expect([0, 1]).toContain(code);
  return stdout.split("\n").filter((line) => line !== "");
}

for (const flavour of flavours) {
  const checkout = process.env[flavour.variable];
  const title = `missed_updates.sh of ${flavour.name}`;
  if (checkout === undefined || official === undefined || "reason" in found) {
    process.stderr.write(
      `tests: SKIPPED: ${title}: it needs a stock client, a checkout of ispyb/ispyb-database with its branches in ` +
        `ISPYB_OFFICIAL_DIR${flavour.repository === undefined ? "" : `, and one of ${flavour.repository} in ${flavour.variable}`}\n`,
    );
    describe.skip(title, () => test("lists no update that is there", () => {}));
    continue;
  }
  onEveryServer(title, (lane) => {
    test.skipIf(flavour.onlyMariadb === true && lane.vendor !== "mariadb")(
      "lists after `up` what it listed before, without the updates that `up` stands for",
      { timeout: 300_000 },
      async () => {
        await using folder = await temporaryFolder();
        await layOut(folder.path, checkout, official, flavour);
        await using db = await freshDatabase(lane, "empty");
        await load(db, join(checkout, flavour.schema), flavour.dump);
        const before = await missedUpdates(folder.path, db, flavour);
        expect(before).toEqual([...flavour.missed, ...Object.keys(unmerged)].toSorted());

        const up = await runOn(db, ["up", "--yes"]);
        expect(up.exit, up.stderr).toBe(0);
        expect(await missedUpdates(folder.path, db, flavour)).toEqual(flavour.missed);
      },
    );
  });
}
