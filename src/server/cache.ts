import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { builderMark, isAbandoned } from "./builder.ts";
import { cacheRoot } from "./cache-root.ts";

/** The list of a cache folder's files. A folder without it is incomplete. */
const MANIFEST = ".whole.json";

/** Milliseconds without a write after which a build counts as abandoned. */
const STALE = 24 * 3600 * 1000;

/**
 * The folder `name` of the cache, built by `build` if it is missing or damaged. Several processes may do this at the
 * same time: each builds in its own folder, the first rename wins, and the other builds are removed.
 */
export async function cached(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheRoot(), name);
  await removeAbandoned(dirname(folder));
  if (await isComplete(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const beside = await mkdtemp(join(dirname(folder), `.${basename(folder)}${await builderMark()}-`));
  try {
    await build(beside);
    await writeFile(join(beside, MANIFEST), JSON.stringify(await sizes(beside)));
    await putInPlace(beside, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}

/** Removes a folder of the cache at once for others: if this process is killed meanwhile, the next start goes on. */
export async function removeCached(folder: string): Promise<void> {
  const aside = join(dirname(folder), `.${basename(folder)}${await builderMark()}-${randomBytes(4).toString("hex")}`);
  await rename(folder, aside);
  await rm(aside, { recursive: true, force: true });
}

/**
 * Removes what killed builders left in this folder: their process has ended, or nothing was written for a day where that
 * cannot be known. What is being removed has such a name, too.
 */
async function removeAbandoned(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((one) => one.startsWith("."))) {
    const path = join(parent, name);
    // Another process may remove it at the same time.
    const stats = await stat(path).catch(() => undefined);
    if (stats === undefined) continue;
    if (Date.now() - stats.mtimeMs > STALE || (await isAbandoned(name)))
      await rm(path, { recursive: true, force: true });
  }
}

async function putInPlace(beside: string, folder: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      return await rename(beside, folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
      // Another process was faster: its folder is as good. An incomplete folder is the damaged one.
      if (await isComplete(folder)) return;
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new Error(`${folder} cannot be replaced`);
}

/** True if every file exists in its full size: cache cleaners and full disks may damage a folder. */
async function isComplete(folder: string): Promise<boolean> {
  try {
    const wanted = JSON.parse(await readFile(join(folder, MANIFEST), "utf8")) as Record<string, number>;
    const stats = await Promise.all(Object.keys(wanted).map((path) => stat(join(folder, path))));
    return stats.every((file, at) => file.size === Object.values(wanted)[at]);
  } catch {
    return false;
  }
}

/** Not that of a list, which a copy of another cache folder may bring with it and which is written anew. */
async function sizes(folder: string): Promise<Record<string, number>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const own = files.filter((path) => relative(folder, path) !== MANIFEST);
  return Object.fromEntries(
    await Promise.all(own.map(async (path) => [relative(folder, path), (await stat(path)).size])),
  );
}
