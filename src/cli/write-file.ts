import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { MigrateError, messageOf } from "../errors.ts";
import type { Hint } from "../hint.ts";

/** A file as the user named it, and the folder that its path begins at. */
export interface Destination {
  readonly file: string;
  readonly cwd: string;
}

/** Writes what a command made. Throws USAGE where the file cannot be written. */
export async function writeResult(
  what: "picture" | "script",
  text: string,
  { file, cwd }: Destination,
  next: Hint,
): Promise<void> {
  let isOpen = false;
  try {
    await using handle = await open(resolve(cwd, file), "w");
    isOpen = true;
    await handle.writeFile(text);
  } catch (cause) {
    throw new MigrateError("USAGE", `the ${what} could not be written`, {
      where: file,
      found: messageOf(cause),
      done: `the database was not changed; ${isOpen ? "the file is incomplete" : "no file was written"}`,
      next,
      cause,
    });
  }
}
