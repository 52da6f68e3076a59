import type { TestProject } from "vitest/node";
import { containerEngine, localImage } from "../../src/server/container-engine.ts";
import { everythingIsWanted } from "./lanes.ts";
import { ensureEngine } from "./machine.ts";
import { SERVER_IMAGE, ensureImage } from "./server-image.ts";
import { within } from "./within.ts";

interface Missing {
  readonly reason: string;
  readonly remedy: string;
}

/** Finds an engine and an image for the tests of containers, once per run. The function returned takes it back. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const report = (line: string) => process.stderr.write(`tests: ${line}\n`);
  if (!everythingIsWanted()) {
    const found = await imageOfThisMachine();
    if (typeof found !== "string") report(`SKIPPED: tests of containers: ${found.reason}. ${found.remedy}`);
    project.provide("serverImage", found);
    return async () => {};
  }
  const { stop } = await ensureEngine(report);
  const takeBack = () => within(stop(), "the engine to end");
  try {
    project.provide("serverImage", await ensureImage(report));
    return takeBack;
  } catch (error) {
    await takeBack();
    throw error;
  }
}

async function imageOfThisMachine(): Promise<string | Missing> {
  const engine = await containerEngine();
  const remedy = "as root, ISPYB_TEST=all scripts/test sets it up by itself";
  if ("reason" in engine) return { reason: engine.reason, remedy };
  const image = await localImage(engine.client, SERVER_IMAGE);
  return image ?? { reason: "there is no local image of MariaDB", remedy };
}

declare module "vitest" {
  interface ProvidedContext {
    serverImage: string | Missing;
  }
}
