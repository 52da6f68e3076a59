import type { ServerBinary } from "./binary.ts";
import { anotherCache, cacheFault } from "./cache-root.ts";
import { emptyDataDirectory } from "./data-directory.ts";
import { startPrivateServer } from "./private-server.ts";
import type { ProviderRefusal, RunningServer } from "./provider.ts";

/** A private server from a provider's program; a refusal if the cache cannot be used. */
export async function startFrom(
  provider: string,
  binary: ServerBinary,
  report: (line: string) => void,
): Promise<RunningServer | ProviderRefusal> {
  let template: string;
  try {
    template = await emptyDataDirectory(binary);
  } catch (error) {
    return {
      provider,
      reason: cacheFault(error),
      remedy: anotherCache,
    };
  }
  report(`starting a private ${binary.description}`);
  return startPrivateServer(binary, { copyOf: template });
}
