/**
 * A server in a container that other processes list and stop like a private server: it has a folder with a guard, too. The
 * guarded program does nothing but live as long as the guard does; this process keeps program and container together.
 */
import { join } from "node:path";
import { startImage } from "./container.ts";
import { newFolder, startGuarded } from "./guard.ts";
import type { ProviderRefusal, RunningServer } from "./provider.ts";
import { sandboxSettingsOfImage } from "./sandbox-settings.ts";

/** Milliseconds between two looks at the container: it may be removed by others. */
const LOOK = 1_000;

/** It cannot be detached: the container is removed when the process that started it ends. */
export interface RegisteredContainer extends RunningServer {
  readonly folder: string;
}

/** Starts a container of the image for a sandbox. Throws SERVER_START. */
export async function startRegisteredContainer(
  image: string,
  report: (line: string) => void,
): Promise<RegisteredContainer | ProviderRefusal> {
  const server = await startImage(image, report, sandboxSettingsOfImage);
  if ("reason" in server) return server;
  const { isThere, [Symbol.asyncDispose]: removeContainer, ...place } = server;
  const folder = newFolder("sandbox-");
  // It reads the FIFO that the guard keeps open and never writes to.
  const guarded = await startGuarded({ folder, file: "cat", args: [join(folder, "guard")], grace: 0 }).catch(
    async (error: unknown) => {
      await removeContainer();
      throw error;
    },
  );
  const looks = setInterval(() => {
    void isThere().then((still) => (still ? undefined : guarded.stop()));
  }, LOOK).unref();
  const removed = (async () => {
    await guarded.ended;
    clearInterval(looks);
    await removeContainer();
  })();
  removed.catch(() => {});
  const stop = async () => {
    await guarded.stop();
    await removed;
  };
  return { ...place, folder, [Symbol.asyncDispose]: stop };
}
