import type { TestProject } from "vitest/node";
import { newFolder, startGuarded } from "../../src/server/guard.ts";
import { prepareContainerLane } from "./container-lane.ts";
import { type Lane, type Prepared, everythingIsWanted, wantedLanes } from "./lanes.ts";
import { ensureEngine } from "./machine.ts";
import { prepareProcessLane } from "./process-lane.ts";
import { within } from "./within.ts";

/** Prepares every wanted lane once per run. The function returned takes everything back. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const report = (line: string) => process.stderr.write(`tests: ${line}\n`);
  const undo: (() => Promise<void>)[] = [];
  const takeBack = async () => {
    for (const step of undo.toReversed()) await within(step(), "what was started to end");
  };
  try {
    const lanes = wantedLanes();
    if (everythingIsWanted() && lanes.some((lane) => lane.source === "container")) {
      undo.push((await ensureEngine(report)).stop);
    }
    const folder = newFolder("test-");
    // Watched like a server, so that a run that is killed leaves no folder.
    undo.push((await startGuarded({ folder, file: "tail", args: ["-f", "/dev/null"], grace: 0 })).stop);
    const prepare = async (lane: Lane): Promise<Prepared> => {
      if (lane.source === "process") return prepareProcessLane(folder, report);
      const { prepared, stop } = await prepareContainerLane(lane, report);
      undo.push(stop);
      return prepared;
    };
    // All of them, even if one breaks: what has been started must be known before it is taken back.
    const settled = await Promise.allSettled(lanes.map(prepare));
    const broken = settled.find((one) => one.status === "rejected");
    if (broken !== undefined) throw broken.reason;
    const found = settled.map((one) => (one as PromiseFulfilledResult<Prepared>).value);
    for (const [at, state] of found.entries()) {
      if (state.kind === "missing") report(`SKIPPED: the lane ${lanes[at]?.name}: ${state.reason}. ${state.remedy}`);
    }
    project.provide("preparedLanes", Object.fromEntries(lanes.map((lane, at) => [lane.name, found[at] as Prepared])));
    return takeBack;
  } catch (error) {
    await takeBack();
    throw error;
  }
}
