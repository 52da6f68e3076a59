/**
 * The process that builds a folder of the cache, in the folder's name: a builder that was killed leaves its folder, and
 * others need proof that it has ended. A process id alone is no proof: it is used again, and another container or
 * machine with the same cache has its own.
 */
import { readFile, readlink } from "node:fs/promises";

/** Boot, namespace of process ids, process id, and the start of that process. */
const NAME = /\.builder-([0-9a-f]{8})-(\d+)-(\d+)-(\d+)-[^-]*$/;

/** A part of the name of a folder that this process builds; empty where the system does not tell. */
export async function builderMark(): Promise<string> {
  const [boot, namespace, start] = [await bootId(), await namespaceId(), await startOf(process.pid)];
  if (boot === undefined || namespace === undefined || start === undefined) return "";
  return `.builder-${boot}-${namespace}-${process.pid}-${start}`;
}

/** True if the process that builds the folder of this name has ended; false also where that cannot be known. */
export async function isAbandoned(name: string): Promise<boolean> {
  const [, boot, namespace, pid, start] = NAME.exec(name) ?? [];
  if (pid === undefined || boot !== (await bootId()) || namespace !== (await namespaceId())) return false;
  return (await startOf(Number(pid))) !== start;
}

// --- internal ---

async function bootId(): Promise<string | undefined> {
  const text = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => undefined);
  return text?.slice(0, 8);
}

async function namespaceId(): Promise<string | undefined> {
  const link = await readlink("/proc/self/ns/pid").catch(() => undefined);
  return /\d+/.exec(link ?? "")?.[0];
}

/** The start of a process, in ticks since the boot; undefined if there is none. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The second field is the program's name in parentheses, which may hold spaces and parentheses.
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}
