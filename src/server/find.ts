import { oldestSupported } from "../dialect/product.ts";
import { MigrateError } from "../errors.ts";
import { container } from "./container.ts";
import { distributionPackage } from "./distribution-package.ts";
import { localBinary } from "./local-binary.ts";
import type { ProviderRefusal, RunningServer, ServerProvider } from "./provider.ts";

/** All providers, cheapest first: an installed program, a container, a package to download. */
export const providers: readonly ServerProvider[] = [localBinary, container, distributionPackage];

/**
 * A private server from the first provider that has one. If none has, throws NO_SERVER with reason and remedy of
 * every provider, in order.
 */
export async function findServer(
  report: (line: string) => void = () => {},
  among: readonly ServerProvider[] = providers,
): Promise<RunningServer> {
  const refusals: ProviderRefusal[] = [];
  for (const provider of among) {
    const answer = await provider.start(report);
    if (!("reason" in answer)) return answer;
    refusals.push(answer);
  }
  throw new MigrateError("NO_SERVER", "no database server can be started on this machine", {
    wanted: `${oldestSupported("mariadb")} or newer, or ${oldestSupported("mysql")} or newer`,
    found: refusals.map(({ provider, reason }) => `${provider}: ${reason}`),
    next: refusals.map(({ provider, remedy }) => `${provider}: ${remedy}`),
  });
}
