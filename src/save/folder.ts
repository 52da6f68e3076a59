import { access, constants, open, stat } from "node:fs/promises";
import { MigrateError, messageOf } from "../errors.ts";

/** Throws SAVE_FAILED if no file can be created in this folder. */
export async function checkFolder(folder: string): Promise<void> {
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error("this is not a folder");
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw saveFailed(folder, "rows that would be lost", error, "nothing was changed");
  }
}

/** Flushes the folder: a new file is on the disk only after its folder's entry is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The last line of what to do next, where nothing was changed before. */
export const runAgain = "then run the same command again";

export function saveFailed(path: string, title: string, cause: unknown, done: string): MigrateError {
  return new MigrateError("SAVE_FAILED", `${title} could not be saved`, {
    where: path,
    found: messageOf(cause),
    done,
    next: ["fix the cause, or choose another folder with --save-to FOLDER", runAgain],
    cause,
  });
}
