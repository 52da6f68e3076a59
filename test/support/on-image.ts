import { describe, expect, inject, test } from "vitest";
import { type ContainerEngine, containerEngine } from "../../src/server/container-engine.ts";
import { everythingIsWanted } from "./lanes.ts";

/** What a test of containers has: a local image of a server, and the engine. */
interface Given {
  readonly image: string;
  readonly engine: () => Promise<ContainerEngine>;
}

/** The body if there is an image. Without one it is skipped, and fails where everything is wanted. */
export function onImage(name: string, body: (given: Given) => void): void {
  const found = inject("serverImage");
  if (typeof found === "string") {
    describe(name, () => body({ image: found, engine: answeringEngine }));
  } else if (everythingIsWanted()) {
    test(name, () => expect.fail(`there is no image: ${found.reason}. ${found.remedy}`));
  } else {
    describe.skip(name, () => body({ image: "", engine: answeringEngine }));
  }
}

async function answeringEngine(): Promise<ContainerEngine> {
  const engine = await containerEngine();
  if ("reason" in engine) throw new Error(`${engine.reason}. ${engine.remedy}`);
  return engine;
}
