import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, relative } from "node:path";

/** The list of files that makes a cache folder a whole one. */
const MANIFEST = ".whole.json";

/** A build whose folder was not written to for so long, in milliseconds, is nobody's any more. */
const STALE = 24 * 3600 * 1000;

/** The one folder that may stay on a machine. */
export function cacheRoot(): string {
  // The specification of the base directories says that a relative path is to be ignored.
  const wanted = process.env["XDG_CACHE_HOME"];
  return join(wanted?.startsWith("/") ? wanted : join(homedir(), ".cache"), "ispyb-migrate");
}

/**
 * The folder `name` of the cache, built by `build` if it is missing or damaged. Safe against others
 * doing the same at the same time: each builds beside it, the first rename wins, the rest is dropped.
 */
export async function cached(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheRoot(), name);
  if (await isWhole(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  await sweep(folder);
  const beside = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  try {
    await build(beside);
    await writeFile(join(beside, MANIFEST), JSON.stringify(await sizes(beside)));
    await putInPlace(beside, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}

/** Removes what builds that were killed have left beside the folder; no build takes this long. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(dirname(folder));
  for (const name of names.filter((one) => one.startsWith(`.${basename(folder)}-`))) {
    const path = join(dirname(folder), name);
    // Somebody else may be sweeping, and then it is gone in the middle.
    const made = await stat(path).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > STALE) await rm(path, { recursive: true, force: true });
  }
}

/** The reason for a person why the cache cannot be used; whatever else has happened is thrown on. */
export function cacheFault(error: unknown): string {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined) throw error;
  return `the cache ${cacheRoot()} cannot be used (${code ?? message}); XDG_CACHE_HOME names another folder`;
}

async function putInPlace(beside: string, folder: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      return await rename(beside, folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
      // Somebody else was faster; theirs is as good as ours. Otherwise it is the damaged one.
      if (await isWhole(folder)) return;
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new Error(`${folder} cannot be replaced`);
}

/** Whether every file is there in its full size: what cleaners of caches and full disks destroy. */
async function isWhole(folder: string): Promise<boolean> {
  try {
    const wanted = JSON.parse(await readFile(join(folder, MANIFEST), "utf8")) as Record<string, number>;
    const stats = await Promise.all(Object.keys(wanted).map((path) => stat(join(folder, path))));
    return stats.every((file, at) => file.size === Object.values(wanted)[at]);
  } catch {
    return false;
  }
}

async function sizes(folder: string): Promise<Record<string, number>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => [relative(folder, path), (await stat(path)).size])),
  );
}
