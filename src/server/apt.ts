import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Ended, lastLines, run } from "./process.ts";

/** A failed step; its message is the reason of the refusal. */
export class Unavailable extends Error {}

/** apt with lists and a cache of its own: it needs no root, and changes nothing of this machine. */
export interface Apt {
  /** Fetches the lists of packages; why one could not be fetched. Other sources may be enough. Throws Unavailable. */
  readonly update: () => Promise<string | undefined>;
  /** `apt-get` with these arguments; its stdout. Throws Unavailable. */
  readonly get: (...args: string[]) => Promise<string>;
  /** `apt-cache` with these arguments; its stdout. Throws Unavailable. */
  readonly cache: (...args: string[]) => Promise<string>;
  /** The folder for what `apt-get download` fetches. */
  readonly fetched: string;
}

/**
 * apt that works in the folder `work`. Without `source` it takes the machine's own sources, and its installed
 * packages count as there. With `source`, the line of a sources list, it knows that source only, and no package
 * counts as there. apt checks the signatures in both cases.
 */
export async function privateApt(work: string, source?: string): Promise<Apt> {
  const fetched = join(work, "fetched");
  for (const part of ["state/lists/partial", "cache/archives/partial", "fetched"]) {
    await mkdir(join(work, part), { recursive: true });
  }
  const settings = [
    `Dir::State=${join(work, "state")}`,
    `Dir::Cache=${join(work, "cache")}`,
    // Run by root, apt switches to an account that may not write to our folder.
    "APT::Sandbox::User=",
    "APT::Install-Recommends=false",
    "Acquire::Languages=none",
    "Acquire::Retries=2",
    "Acquire::http::Timeout=15",
    "Acquire::https::Timeout=15",
    ...(source === undefined ? ["Dir::State::status=/var/lib/dpkg/status"] : await onlyFrom(work, source)),
  ].flatMap((setting) => ["-o", setting]);
  return {
    update: async () => faultOf((await tool("apt-get", [...settings, "-q", "update"], fetched)).output),
    get: async (...args) => (await tool("apt-get", [...settings, ...args], fetched)).stdout,
    cache: async (...args) => (await tool("apt-cache", [...settings, ...args], fetched)).stdout,
    fetched,
  };
}

async function onlyFrom(work: string, source: string): Promise<string[]> {
  const [list, status] = [join(work, "sources.list"), join(work, "status")];
  await writeFile(list, `${source}\n`);
  await writeFile(status, "");
  return [`Dir::Etc::SourceList=${list}`, "Dir::Etc::SourceParts=/dev/null", `Dir::State::status=${status}`];
}

/** `apt-get update` ends with 0 although it fetched nothing. */
function faultOf(output: string): string | undefined {
  return /^[WE]: (Failed to fetch .*|.*NO_PUBKEY.*)/m.exec(output)?.[1]?.replaceAll(/\s+/g, " ").trim();
}

/** Runs a program to its end. Throws Unavailable with what it printed. */
export async function tool(file: string, args: readonly string[], cwd: string): Promise<Ended> {
  const ended = await run(file, args, { cwd });
  if (ended.code === 0) return ended;
  if (ended.code === 127) throw new Unavailable(`the program ${file} is not installed on this machine`);
  const verb = args.find((arg) => /^[a-z]+$/.test(arg)) ?? args[0] ?? "";
  throw new Unavailable(`${file} ${verb} failed: ${lastLines(ended.output, 3).join(" · ")}`);
}
