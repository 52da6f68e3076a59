import { join } from "node:path";
import { isSupported, oldestSupported, productName } from "../dialect/product.ts";
import { type ServerBinary, identifyBinary, productOf } from "./binary.ts";
import { cacheFault } from "./cache.ts";
import { Unavailable, unpackProgram } from "./package.ts";
import { startFrom } from "./program.ts";
import type { ProviderRefusal, ServerProvider } from "./provider.ts";

const NAME = "distribution package";
const server = { package: "mariadb-server-core", program: "usr/sbin/mariadbd", size: "about 8 MB" } as const;

/** MariaDB from the distribution's own package. */
export async function unpackDistributionPackage(
  report: (line: string) => void,
): Promise<ServerBinary | ProviderRefusal> {
  try {
    const { folder, file, env } = await unpackProgram(server, report);
    const binary = await identifyBinary(file, "of the distribution's package", {
      args: [`--lc-messages-dir=${join(folder, "usr/share/mysql")}`],
      env,
    });
    if ("reason" in binary) throw new Unavailable(binary.reason);
    if (!isSupported(productOf(binary))) {
      throw new Unavailable(
        `the package contains ${productName(productOf(binary))}, which is older than ${oldestSupported(binary.vendor)}`,
      );
    }
    return binary;
  } catch (error) {
    if (error instanceof Unavailable) return refusal(error.message);
    return refusal(cacheFault(error));
  }
}

/** Starts a private server from the unpacked package. */
export const distributionPackage: ServerProvider = {
  name: NAME,
  async start(report) {
    const binary = await unpackDistributionPackage(report);
    if ("reason" in binary) return binary;
    return startFrom(NAME, binary, report);
  },
};

function refusal(reason: string): ProviderRefusal {
  return {
    provider: NAME,
    reason,
    remedy: "this needs Debian or Ubuntu with a reachable mirror; on other systems, install a MariaDB server",
  };
}
