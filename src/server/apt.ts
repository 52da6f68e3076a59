import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lastLines, run } from "./process.ts";

/** A failed step; its message is the reason of the refusal. */
export class Unavailable extends Error {}

/** apt with lists and a cache of its own: it needs no root, and changes nothing of this machine. */
export interface Apt {
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
    get: (...args) => tool("apt-get", [...settings, ...args], fetched),
    cache: (...args) => tool("apt-cache", [...settings, ...args], fetched),
    fetched,
  };
}

async function onlyFrom(work: string, source: string): Promise<string[]> {
  const [list, status] = [join(work, "sources.list"), join(work, "status")];
  await writeFile(list, `${source}\n`);
  await writeFile(status, "");
  return [`Dir::Etc::SourceList=${list}`, "Dir::Etc::SourceParts=/dev/null", `Dir::State::status=${status}`];
}

/** Runs a program to its end; its stdout. Throws Unavailable with what it printed. */
export async function tool(file: string, args: readonly string[], cwd: string): Promise<string> {
  const ended = await run(file, args, { cwd });
  if (ended.code === 0) return ended.stdout;
  if (ended.code === 127) throw new Unavailable(`the program ${file} is not installed on this machine`);
  const verb = args.find((arg) => /^[a-z]+$/.test(arg)) ?? args[0] ?? "";
  throw new Unavailable(`${file} ${verb} failed: ${lastLines(ended.output, 3).join(" · ")}`);
}
