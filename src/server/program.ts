import type { ServerBinary } from "./binary.ts";
import { cacheFault } from "./cache.ts";
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
      remedy: "free space for the cache, or set XDG_CACHE_HOME to another folder",
    };
  }
  report(`starting a private ${binary.description}`);
  return startPrivateServer(binary, { copyOf: template });
}
