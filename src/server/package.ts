/**
 * A program from a distribution's package. apt downloads it and dpkg unpacks it into the cache, without root and
 * without installing; apt checks the distribution's signatures.
 */
import { existsSync } from "node:fs";
import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Apt, Unavailable, privateApt, tool } from "./apt.ts";
import { cacheRoot } from "./cache-root.ts";
import { cached } from "./cache.ts";
import { closureOf, sourceOf } from "./debian-suite.ts";

export interface Packaged {
  readonly package: string;
  /** Its path in the package: `usr/sbin/mariadbd`. */
  readonly program: string;
  /** The size of the download, for messages: "about 8 MB". */
  readonly size: string;
  /** A suite of Debian. Without one, the package of the machine's own release. */
  readonly suite?: string;
}

export interface Unpacked {
  /** The folder with the unpacked package. */
  readonly folder: string;
  readonly file: string;
  /** Folders with shared libraries. */
  readonly libraries: readonly string[];
  /** What comes before the program: of another release, it is started by its own loader, with its own libc. */
  readonly prefix: readonly string[];
  /** The environment in which a program of the machine's own release finds its libraries. */
  readonly env: Readonly<Record<string, string>>;
}

/** Whether a package that is not in the cache is downloaded; it is, unless this says no. */
export interface Fetching {
  readonly download?: boolean;
}

/** What a server does not need, and what would make up half of the folder. */
const waste = ["usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian"];

/** Downloads and unpacks the program. Throws Unavailable, or the file system's error if the cache cannot be used. */
export async function unpackProgram(
  wanted: Packaged,
  report: (line: string) => void,
  { download = true }: Fetching = {},
): Promise<Unpacked> {
  if (process.platform !== "linux") throw new Unavailable("this is not a Linux machine");
  const { suite } = wanted;
  const name = join("package", `${wanted.package}-${suite ?? (await ownRelease())}-${process.arch}`);
  const folder = await cached(name, async (beside) => {
    if (!download) throw new Unavailable(`its package ${wanted.package} was not downloaded yet (${wanted.size})`);
    await fetchAndUnpack(wanted, beside, report);
  });
  const libraries = await libraryFolders(folder);
  const unpacked = { folder, file: join(folder, wanted.program), libraries };
  if (suite === undefined) return { ...unpacked, prefix: [], env: { LD_LIBRARY_PATH: libraries.join(":") } };
  // No variable here: it would reach every helper program of this machine, whose libc is another.
  return {
    ...unpacked,
    prefix: [await loader(libraries), "--inhibit-cache", "--library-path", libraries.join(":")],
    env: {},
  };
}

async function fetchAndUnpack(wanted: Packaged, folder: string, report: (line: string) => void): Promise<void> {
  const work = join(folder, ".apt");
  const { suite } = wanted;
  const apt = await privateApt(work, suite === undefined ? undefined : await sourceOf(suite, keyringPackage(report)));
  const from = suite === undefined ? "the distribution's package" : `Debian ${suite}'s package`;
  report(`downloading ${from} ${wanted.package} to ${cacheRoot()} (${wanted.size}, only once)`);
  const fault = await apt.update();
  const others = await (suite === undefined ? missingHere : closureOf)(apt, wanted.package).catch((error: unknown) => {
    // Without a list, apt only says that there is no such package.
    throw fault === undefined ? error : new Unavailable(fault);
  });
  await apt.get("-qq", "download", ...new Set([wanted.package, ...others]));
  for (const file of await readdir(apt.fetched)) {
    await tool("dpkg-deb", ["-x", join(apt.fetched, file), folder], folder);
  }
  await rm(work, { recursive: true });
  if (!existsSync(join(folder, wanted.program)))
    throw new Unavailable(`package ${wanted.package} does not contain ${wanted.program}`);
  await removeWaste(folder, wanted.program);
}

/** Exactly the packages that this machine lacks. Those with only configuration are not needed. */
async function missingHere(apt: Apt, name: string): Promise<string[]> {
  const simulated = await apt.get("-s", "install", name);
  const missing = [...simulated.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  return missing.filter((one) => !/^(mysql|mariadb)-common$/.test(one));
}

/** Debian's keys out of the machine's own release, whose signature apt has checked. */
function keyringPackage(report: (line: string) => void): () => Promise<string> {
  const program = "usr/share/keyrings/debian-archive-keyring.gpg";
  const wanted = { package: "debian-archive-keyring", program, size: "less than 1 MB" };
  return async () => (await unpackProgram(wanted, report)).file;
}

async function removeWaste(folder: string, program: string): Promise<void> {
  for (const path of waste) await rm(join(folder, path), { recursive: true, force: true });
  const programs = await readdir(join(folder, "usr/bin")).catch(() => []);
  for (const name of programs)
    if (program !== `usr/bin/${name}`) await rm(join(folder, "usr/bin", name), { force: true });
  for (const place of await libraryFolders(folder)) await rm(join(place, "gconv"), { recursive: true, force: true });
}

async function libraryFolders(folder: string): Promise<string[]> {
  const packages: string[] = [];
  for (const place of ["usr/lib", "lib"]) {
    const names = await readdir(join(folder, place)).catch(() => []);
    packages.push(...names.filter((name) => name.includes("-linux-")).map((name) => join(folder, place, name)));
  }
  return packages;
}

/** The dynamic loader, which starts programs of its own release on any machine. */
async function loader(libraries: readonly string[]): Promise<string> {
  for (const place of libraries) {
    const name = (await readdir(place)).find((one) => /^ld-linux.*\.so\.\d+$/.test(one));
    if (name !== undefined) return join(place, name);
  }
  throw new Unavailable("the package of libc contains no loader of programs");
}

/** Name and version of the distribution (`debian-12`): a package fits only one release. */
async function ownRelease(): Promise<string> {
  const release = await osRelease();
  return `${release("ID") ?? "linux"}-${release("VERSION_ID") ?? "rolling"}`;
}

/** True if this machine's own release is this suite of Debian. */
export async function isOwnSuite(suite: string): Promise<boolean> {
  const release = await osRelease();
  return release("ID") === "debian" && release("VERSION_CODENAME") === suite;
}

async function osRelease(): Promise<(key: string) => string | undefined> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return (key) => new RegExp(`^${key}="?([^"\\n]*)`, "m").exec(release)?.[1];
}
