import { readdir, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** Where Linux keeps files in memory. */
const MEMORY = "/dev/shm";

/** Bytes that have to stay free beside the copied data: what the server writes, and what others need. */
const MARGIN = 256 * 1024 * 1024;

/** What `newFolder` of guard.ts makes: the purpose, and 72 random bits. */
const NAME = /^ispyb-migrate-(?:[a-z]+-)*[\w-]{12}$/;

/** The parent of a new folder for data of this size: in memory if there is room, otherwise TMPDIR. */
export async function fastParent(bytes: number): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(MEMORY);
    // A folder like /tmp: everybody may write to it.
    const { mode } = await stat(MEMORY);
    if ((mode & 0o1777) === 0o1777 && bavail * bsize > bytes + MARGIN) return MEMORY;
  } catch {
    // Not Linux, or a container without it.
  }
  return tmpdir();
}

/** The folders of guarded programs on this machine that belong to this account, running or left over. */
export async function ownFolders(): Promise<string[]> {
  const parents = new Set([MEMORY, tmpdir(), "/tmp"]);
  const lists = await Promise.all([...parents].map(guardedIn));
  return lists.flat();
}

async function guardedIn(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  const folders = names.filter((name) => NAME.test(name)).map((name) => join(parent, name));
  const own = await Promise.all(folders.map(isOwn));
  return folders.filter((_, at) => own[at]);
}

/** Mode and owner as we make them: a folder that another account has put there is left alone. */
async function isOwn(folder: string): Promise<boolean> {
  const stats = await stat(folder).catch(() => undefined);
  return stats?.isDirectory() === true && stats.uid === process.getuid?.() && (stats.mode & 0o777) === 0o700;
}

/** True if this process is the guard of the folder, its server, or its copy: all of them name the folder. */
export function belongsTo(argv: readonly string[], folder: string): boolean {
  const [program = "", first] = argv;
  const name = basename(program);
  if (argv.includes(`--pid-file=${join(folder, "pid")}`)) return true;
  if (name === "sh" && first === "-c") return argv.includes(folder);
  return name === "cp" && argv.some((arg) => arg.startsWith(`${folder}/`));
}
