/**
 * The server of a sandbox, in a container of an image. It is filled at each start: what files an image makes, and where,
 * is its own affair, so there is no template of it.
 */
import { MigrateError } from "../errors.ts";
import type { ProviderRefusal } from "../server/provider.ts";
import { type RegisteredContainer, startRegisteredContainer } from "../server/registered-container.ts";
import { fillServer } from "./fill-server.ts";
import { notInContainer, withoutEngine } from "./image.ts";
import type { SandboxOptions } from "./start-options.ts";

/** Throws NO_SERVER, SERVER_START, USAGE, and what the content of the recipe throws. */
export async function startInContainer(image: string, options: SandboxOptions): Promise<RegisteredContainer> {
  const { mustOutlive = false, recipe, report, template } = options;
  if (mustOutlive) {
    const what = "a sandbox in a container ends with its command: it cannot be detached";
    throw notInContainer(what, image, { options: { detach: true } });
  }
  if (template !== undefined) throw notInContainer("a container takes no template", image, { options: { template } });
  const server = await startRegisteredContainer(image, report);
  if ("reason" in server) throw noContainer(image, server);
  try {
    await fillServer(server, recipe, report);
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

// --- internal ---

function noContainer(image: string, { reason, remedy }: ProviderRefusal): MigrateError {
  return new MigrateError("NO_SERVER", `no container of ${image} can be started`, {
    where: image,
    found: reason,
    done: "no server was started",
    next: [remedy, withoutEngine(image)],
  });
}
