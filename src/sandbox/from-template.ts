/** The server of a sandbox, started from a copy of a template. */
import { type PrivateServer, startPrivateServer } from "../server/private-server.ts";
import { sandboxSettings } from "../server/sandbox-settings.ts";
import { programOf } from "./program.ts";
import type { SandboxOptions } from "./start-options.ts";
import { templateOf } from "./template.ts";

/** Throws NO_SERVER, SERVER_START, and what the content of the recipe throws. */
export async function startFromTemplate(options: SandboxOptions): Promise<PrivateServer> {
  const { recipe, report, template } = options;
  const binary = await programOf(options.server, report);
  if (template !== undefined) {
    const { unpacked } = await import("./pack.ts");
    await unpacked(template, binary, recipe, report);
  }
  const { data } = await templateOf(binary, recipe, report);
  return startPrivateServer(binary, {
    copyOf: data,
    args: sandboxSettings(binary),
    memory: true,
    detachable: true,
    purpose: "sandbox-",
  });
}
