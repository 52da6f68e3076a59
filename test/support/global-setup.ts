import type { TestProject } from "vitest/node";
import { newFolder, startGuarded } from "../../src/server/guard.ts";
import { fastParent } from "../../src/server/own-folders.ts";
import { findGalera } from "./galera.ts";
import { wantedLanes } from "./lanes.ts";
import { keepNpmSettings } from "./npm-settings.ts";
import { prepareLane } from "./prepare-lane.ts";
import { within } from "./within.ts";

/** Bytes for the templates of all lanes. */
const ROOM = 512 * 1024 * 1024;

/** Prepares every wanted lane once per run. The function returned takes everything back. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const report = (line: string) => process.stderr.write(`tests: ${line}\n`);
  await keepNpmSettings();
  const folder = newFolder("test-", await fastParent(ROOM));
  // Watched like a server, so that a run that is killed leaves no folder.
  const { stop } = await startGuarded({ folder, file: "tail", args: ["-f", "/dev/null"], grace: 0 });
  const takeBack = () => within(stop(), "what was started to end");
  try {
    const lanes = wantedLanes();
    // All of them, even if one breaks: what has been started must have ended before it is taken back.
    const settled = await Promise.allSettled(
      lanes.map(async (lane) => [lane.name, await prepareLane(lane, folder, report)] as const),
    );
    const found = settled.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    });
    for (const [name, state] of found) {
      if (state.kind === "missing") report(`SKIPPED: the lane ${name}: ${state.reason}. ${state.remedy}`);
    }
    const galera = await findGalera();
    if (typeof galera === "string")
      report(`SKIPPED: three nodes of a Galera cluster: ${galera}. ISPYB_TEST=all downloads it`);
    project.provide("preparedLanes", Object.fromEntries(found));
    return takeBack;
  } catch (error) {
    await takeBack();
    throw error;
  }
}
