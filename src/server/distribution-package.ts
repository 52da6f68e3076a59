import { existsSync } from "node:fs";
import { join } from "node:path";
import { isSupported, oldestSupported, productName } from "../dialect/product.ts";
import { Unavailable } from "./apt.ts";
import { type ServerBinary, identifyBinary, productOf } from "./binary.ts";
import { anotherCache, cacheFault } from "./cache-root.ts";
import { type Fetching, type Packaged, type Unpacked, isOwnSuite, unpackProgram } from "./package.ts";
import { startFrom } from "./program.ts";
import type { ProviderRefusal, ServerProvider } from "./provider.ts";
import { type Series, isOfSeries, packageOf, packagedSeries } from "./series.ts";

type Report = (line: string) => void;

const NAME = "distribution package";
const server = { package: "mariadb-server-core", program: "usr/sbin/mariadbd", size: "about 8 MB" } as const;
const needed = "this needs Debian or Ubuntu with a reachable mirror";

/** MariaDB from the distribution's own package. */
export function unpackDistributionPackage(report: Report): Promise<ServerBinary | ProviderRefusal> {
  const remedy = `${needed}; on other systems, install a MariaDB server`;
  return unpack(server, "of the distribution's package", { provider: NAME, remedy }, report);
}

/** A server of this series from a package of Debian, on any machine with apt. */
export async function unpackSeries(
  series: Series,
  report: Report,
  fetching: Fetching = {},
): Promise<ServerBinary | ProviderRefusal> {
  const provider = `package of ${series.name}`;
  const packaged = packageOf(series);
  if (packaged === undefined) {
    const names = Object.keys(packagedSeries).join(", ");
    return { provider, reason: "this tool knows no package of it", remedy: `choose one of: ${names}` };
  }
  // The machine's own libraries serve for its own release, so that the download is smaller.
  const { suite, ...own } = packaged;
  const wanted = (await isOwnSuite(suite)) ? { ...own, size: server.size } : packaged;
  const remedy = `${needed}; otherwise put a server program of ${series.name} on the PATH`;
  const binary = await unpack(wanted, `of Debian ${suite}'s package`, { provider, remedy }, report, fetching);
  if ("reason" in binary || isOfSeries(productOf(binary), series)) return binary;
  const reason = `Debian ${suite} has ${productName(productOf(binary))} now`;
  return { provider, reason, remedy: "choose the series that it has, or a container image" };
}

async function unpack(
  wanted: Packaged,
  where: string,
  otherwise: Omit<ProviderRefusal, "reason">,
  report: Report,
  fetching: Fetching = {},
): Promise<ServerBinary | ProviderRefusal> {
  try {
    const unpacked = await unpackProgram(wanted, report, fetching);
    const { prefix, env } = unpacked;
    const binary = await identifyBinary(unpacked.file, where, { args: placesOfFiles(unpacked), prefix, env });
    if ("reason" in binary) throw new Unavailable(binary.reason);
    if (!isSupported(productOf(binary))) {
      throw new Unavailable(
        `the package contains ${productName(productOf(binary))}, which is older than ${oldestSupported(binary.vendor)}`,
      );
    }
    return binary;
  } catch (error) {
    if (error instanceof Unavailable) return { ...otherwise, reason: error.message };
    return { ...otherwise, reason: cacheFault(error), remedy: anotherCache };
  }
}

/** Options for what the program would otherwise look for in /usr. */
function placesOfFiles({ folder }: Unpacked): string[] {
  const options = [
    ["lc-messages-dir", "usr/share/mariadb"],
    ["lc-messages-dir", "usr/share/mysql"],
    ["character-sets-dir", "usr/share/mariadb/charsets"],
    ["character-sets-dir", "usr/share/mysql/charsets"],
    ["plugin-dir", "usr/lib/mysql/plugin"],
  ] as const;
  return options.flatMap(([option, path]) =>
    existsSync(join(folder, path)) ? [`--${option}=${join(folder, path)}`] : [],
  );
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
