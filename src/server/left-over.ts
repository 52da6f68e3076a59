import { readFile, readdir, rm } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { guardOf } from "./liveness.ts";
import { belongsTo, ownFolders } from "./own-folders.ts";

/** Milliseconds to wait for the end of a killed process. */
const PATIENCE = 10_000;

/**
 * Removes what crashed guards have left over, processes and folders, and returns the folders. What a killed owner or
 * server leaves, its guard removes at once. A folder is left over if its guard is provably gone.
 */
export async function removeLeftOver(): Promise<string[]> {
  const removed: string[] = [];
  for (const folder of await ownFolders()) {
    if ((await guardOf(folder)) !== "gone") continue;
    if (await removeFolder(folder)) removed.push(folder);
  }
  return removed;
}

/** Kills every process of the folder and removes it; false if that cannot be proven on this system, or fails. */
export async function removeFolder(folder: string): Promise<boolean> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const pids = await processesOf(folder);
    if (pids === undefined || Date.now() > deadline) return false;
    if (pids.length === 0) break;
    for (const pid of pids) kill(pid);
    await pause(20);
  }
  await rm(folder, { recursive: true, force: true });
  return true;
}

/** The processes that name the folder in their command line; undefined where the system does not show that. */
async function processesOf(folder: string): Promise<number[] | undefined> {
  const names = await readdir("/proc").catch(() => undefined);
  const pids = names?.filter((name) => /^\d+$/.test(name)).map(Number) ?? [];
  // A system without these files (macOS) would let every process look gone.
  if (!pids.includes(process.pid)) return undefined;
  const ours = await Promise.all(pids.map(async (pid) => belongsTo(await argvOf(pid), folder)));
  return pids.filter((pid, at) => pid !== process.pid && ours[at]);
}

/** Empty for a process that has ended meanwhile. */
async function argvOf(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return text.split("\0");
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended, or it belongs to another account and only repeats our words.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
