/** The cache of templates does not grow without end: what was not used for long goes, and what is too much. */
import { lstat, readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { removeCached } from "../server/cache.ts";

const DAY = 24 * 3600 * 1000;

/** Milliseconds since its last use after which a template is removed. */
const OLD = 30 * DAY;

/** Bytes on the disk that all templates together may take. */
const MOST = 2e9;

/** Milliseconds since its last use in which a template may still be being copied; a copy takes a second. */
const IN_USE = DAY / 24;

interface Kept {
  readonly path: string;
  readonly used: number;
  readonly bytes: number;
}

/** Marks a template as used now. */
export async function markUsed(folder: string): Promise<void> {
  const now = new Date();
  // A cache that may only be read serves as well.
  await utimes(folder, now, now).catch(() => {});
}

/**
 * Removes templates from their folder: those that were not used for 30 days, and the longest unused until the others
 * take at most 2 GB. One that was used within the last hour stays: it may be being copied.
 */
export async function pruneTemplates(
  folder: string,
  report: (line: string) => void,
  { most = MOST, now = Date.now() } = {},
): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  const kept = (await Promise.all(names.map((name) => look(join(folder, name))))).filter((each) => each !== undefined);
  let bytes = kept.reduce((sum, each) => sum + each.bytes, 0);
  for (const each of kept.toSorted((a, b) => a.used - b.used)) {
    const age = now - each.used;
    if (age < IN_USE || (age < OLD && bytes <= most)) continue;
    try {
      await removeCached(each.path);
      bytes -= each.bytes;
    } catch (error) {
      // Another process removed it first.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        report(`the old template ${each.path} cannot be removed: ${messageOf(error)}`);
    }
  }
}

// --- internal ---

/** Undefined if another process removed it meanwhile. */
async function look(path: string): Promise<Kept | undefined> {
  try {
    const { mtimeMs } = await stat(path);
    return { path, used: mtimeMs, bytes: await sizeOnDisk(path) };
  } catch {
    return undefined;
  }
}

/** Data directories have holes, so the sizes of their files say little. */
async function sizeOnDisk(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true });
  const stats = await Promise.all(entries.map((entry) => lstat(join(folder, entry))));
  return stats.reduce((sum, { blocks }) => sum + blocks * 512, 0);
}
