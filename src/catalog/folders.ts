/** The folders in which a server makes tables and temporary files, and how much room they have, where that can be seen. */
import { stat, statfs } from "node:fs/promises";
import { hostname } from "node:os";
import type { Db } from "../db/db.ts";
import { unlessRefused } from "../db/server-errors.ts";

export interface Folder {
  /** The variable that names it, such as `datadir`. */
  readonly variable: string;
  readonly path: string;
  /** Bytes; undefined if neither the server nor this machine tells. */
  readonly free?: number;
}

export interface Folders {
  readonly data: Folder;
  /** For the temporary files of ALTER TABLE. */
  readonly temporary: Folder;
}

/**
 * Reads where the server keeps its files. The room is read from MariaDB's plugin `disks`, where it is installed and the
 * account has FILE, or from this machine, if the server runs on it.
 */
export async function readFolders(db: Db): Promise<Folders> {
  const [row] = await db.rows<Readonly<Record<"data" | "temporary" | "sorting" | "host" | "socket", string | null>>>(
    "SELECT @@datadir AS data, @@tmpdir AS temporary, @@innodb_tmpdir AS sorting, @@hostname AS host, @@socket AS socket",
  );
  const disks = await readDisks(db);
  const isHere = row?.host === hostname() && (await exists(row.socket ?? ""));
  const folder = async (variable: string, path: string): Promise<Folder> => {
    const free = freeOn(disks, path) ?? (isHere ? await freeHere(path) : undefined);
    return { variable, path, ...(free === undefined ? {} : { free }) };
  };
  const sorting = row?.sorting ?? "";
  return {
    data: await folder("datadir", row?.data ?? ""),
    // tmpdir may be a list, of which the server takes one after the other.
    temporary:
      sorting === ""
        ? await folder("tmpdir", (row?.temporary ?? "").split(":")[0] ?? "")
        : await folder("innodb_tmpdir", sorting),
  };
}

// --- internal ---

interface Disk {
  readonly path: string;
  readonly free: number;
}

/** None where there is no such plugin, or no right to look. */
async function readDisks(db: Db): Promise<Disk[]> {
  const rows = await unlessRefused(
    db.rows<{ path: string; free: number | string }>(
      "SELECT Path AS path, Available * 1024 AS free FROM information_schema.DISKS",
    ),
  );
  return (rows ?? []).map(({ path, free }) => ({ path, free: Number(free) }));
}

/** The room on the disk that is mounted nearest to this path. */
function freeOn(disks: readonly Disk[], path: string): number | undefined {
  const above = disks.filter((disk) => path.startsWith(disk.path.endsWith("/") ? disk.path : `${disk.path}/`));
  return above.toSorted((a, b) => b.path.length - a.path.length)[0]?.free;
}

async function freeHere(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return (
    path !== "" &&
    (await stat(path).then(
      () => true,
      () => false,
    ))
  );
}
