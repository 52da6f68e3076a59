import { access, constants, open, stat } from "node:fs/promises";
import { MigrateError, messageOf } from "../errors.ts";

/** Throws SAVE_FAILED where no file could be made in this folder. */
export async function checkFolder(folder: string): Promise<void> {
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error("it is no folder");
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw saveFailed(folder, "rows that would be lost", error, "nothing was changed");
  }
}

/** A file that was just made is only on the disk when the folder that names it is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function saveFailed(path: string, title: string, cause: unknown, done: string): MigrateError {
  return new MigrateError("SAVE_FAILED", `${title} could not be saved`, {
    where: path,
    found: messageOf(cause),
    done,
    next: ["mend the cause, or name another folder with --save-to FOLDER, then", "the same command again"],
    cause,
  });
}
