import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isSupported, oldestSupported, productName } from "../dialect/version.ts";
import { type ServerBinary, type Unusable, identify, productOf } from "./binary.ts";
import { cacheFault, cacheRoot, cached } from "./cache.ts";
import { lastLines, run } from "./process.ts";
import { startFrom } from "./program.ts";
import type { Refusal, ServerProvider } from "./provider.ts";

const NAME = "distribution package";
const PACKAGE = "mariadb-server-core";

/** A step that did not work: said to the person as the reason of the refusal. */
class Unavailable extends Error {}

/**
 * MariaDB out of the distribution's own package, fetched and unpacked into the cache by apt and dpkg:
 * without root, without installing, with the distribution's signatures checked.
 */
export async function unpackDistributionPackage(report: (line: string) => void): Promise<ServerBinary | Refusal> {
  try {
    if (process.platform !== "linux") throw new Unavailable("this is not a Linux machine");
    const name = join("package", `${PACKAGE}-${await distribution()}-${process.arch}`);
    const folder = await cached(name, (beside) => fetchAndUnpack(beside, report));
    const binary = await unpacked(folder);
    if ("reason" in binary) throw new Unavailable(binary.reason);
    if (!isSupported(productOf(binary))) {
      throw new Unavailable(`it holds ${productName(productOf(binary))}, older than ${oldestSupported(binary.vendor)}`);
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

async function fetchAndUnpack(folder: string, report: (line: string) => void): Promise<void> {
  const work = join(folder, ".apt");
  for (const part of ["state/lists/partial", "cache/archives/partial", "fetched"]) {
    await mkdir(join(work, part), { recursive: true });
  }
  const apt = (...args: string[]) => tool("apt-get", [...privateState(work), ...args], join(work, "fetched"));
  report(`fetching the distribution's package ${PACKAGE} into ${cacheRoot()} (about 8 MB, once)`);
  await apt("-qq", "update");
  // What apt would install is exactly what this machine lacks; its configuration files we do not need.
  const simulated = await apt("-s", "--no-install-recommends", "install", PACKAGE);
  const missing = [...simulated.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  const wanted = missing.filter((name) => !/^(mysql|mariadb)-common$/.test(name));
  await apt("-qq", "download", ...new Set([PACKAGE, ...wanted]));
  for (const file of await readdir(join(work, "fetched"))) {
    await tool("dpkg-deb", ["-x", join(work, "fetched", file), folder], folder);
  }
  await rm(work, { recursive: true });
  if (!existsSync(join(folder, "usr/sbin/mariadbd"))) throw new Unavailable(`${PACKAGE} holds no usr/sbin/mariadbd`);
}

/** apt with lists and a cache of its own, beside the system's; sources and keys are the system's. */
function privateState(work: string): string[] {
  const settings = [
    `Dir::State=${join(work, "state")}`,
    `Dir::Cache=${join(work, "cache")}`,
    "Dir::State::status=/var/lib/dpkg/status",
    // The account that root's apt drops to may not write into our folder.
    "APT::Sandbox::User=",
    "Acquire::Retries=2",
    "Acquire::http::Timeout=15",
  ];
  return settings.flatMap((setting) => ["-o", setting]);
}

async function unpacked(folder: string): Promise<ServerBinary | Unusable> {
  const libraries: string[] = [];
  for (const place of ["usr/lib", "lib"]) {
    const names = await readdir(join(folder, place)).catch(() => []);
    libraries.push(...names.filter((name) => name.includes("-linux-")).map((name) => join(folder, place, name)));
  }
  return identify(join(folder, "usr/sbin/mariadbd"), "of the distribution's package", {
    args: [`--lc-messages-dir=${join(folder, "usr/share/mysql")}`],
    env: { LD_LIBRARY_PATH: libraries.join(":") },
  });
}

async function tool(file: string, args: readonly string[], cwd: string): Promise<string> {
  const ended = await run(file, args, { cwd });
  if (ended.code === 0) return ended.stdout;
  if (ended.code === 127) throw new Unavailable(`this machine has no ${file}`);
  const verb = args.find((arg) => /^[a-z]+$/.test(arg)) ?? args[0] ?? "";
  throw new Unavailable(`${file} ${verb} failed: ${lastLines(ended.output, 3).join(" · ")}`);
}

/** `debian-12`: what is unpacked fits one release only. */
async function distribution(): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)`, "m").exec(release)?.[1];
  return `${value("ID") ?? "linux"}-${value("VERSION_ID") ?? "rolling"}`;
}

function refusal(reason: string): Refusal {
  return {
    provider: NAME,
    reason,
    remedy: `on Debian or Ubuntu with a reachable mirror this works by itself; elsewhere install MariaDB's server by the system's own means`,
  };
}
