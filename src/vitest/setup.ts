/**
 * The global set-up: one sandbox for the run, with a database for each worker. vitest forbids that this module, or one
 * that it imports, imports values from `vitest`: the fixture is a module of its own.
 */
import type { TestProject } from "vitest/node";
import { installed } from "../documents/caller.ts";
import { formatHint } from "../documents/format-hint.ts";
import { hint } from "../hint.ts";
import { plural } from "../plural.ts";
import { detachIfKept } from "../sandbox/keep.ts";
import { type TestSandbox, startSandbox } from "../sandbox/library.ts";
import { explained } from "./explain.ts";
import { isKeeping, tell } from "./surroundings.ts";

export type { IspybSettings } from "./settings.ts";

/** Starts the sandbox, and returns what ends it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { ispyb: settings = {} } = project.getProvidedContext();
  try {
    const sandbox = await startSandbox({
      ...settings,
      workers: workersOf(project),
      folder: project.config.root,
      report: tell,
      mustOutlive: isKeeping(),
    });
    project.provide("ispybSandbox", sandbox.description);
    return () => end(sandbox);
  } catch (error) {
    throw explained(error);
  }
}

// --- internal ---

/** Of the whole run: projects may have numbers of their own, and share the set-up of the root. */
function workersOf({ config, vitest }: TestProject): number {
  return Math.max(config.maxWorkers, ...vitest.projects.map((each) => each.config.maxWorkers));
}

async function end(sandbox: TestSandbox): Promise<void> {
  const kept = await detachIfKept(sandbox);
  if (kept.length === 0) return await sandbox[Symbol.asyncDispose]();
  const stop = hint("sandbox", { args: ["stop", sandbox.id], note: "removes them" });
  tell(`the data of ${plural(kept.length, "failed test")} are kept: ${formatHint(stop, installed)}`);
}
