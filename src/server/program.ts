import type { ServerBinary } from "./binary.ts";
import { cacheFault } from "./cache.ts";
import { emptyDataDirectory } from "./data-directory.ts";
import { startPrivateServer } from "./private-server.ts";
import type { ProviderRefusal, RunningServer } from "./provider.ts";

/** A private server of a program that a provider has found; refused where the cache cannot be used. */
export async function startFrom(
  provider: string,
  binary: ServerBinary,
  report: (line: string) => void,
): Promise<RunningServer | ProviderRefusal> {
  let template: string;
  try {
    template = await emptyDataDirectory(binary);
  } catch (error) {
    return { provider, reason: cacheFault(error), remedy: "make room in the cache, or name another folder for it" };
  }
  report(`starting a private ${binary.description}`);
  return startPrivateServer(binary, { copyOf: template });
}
