import { writeFile } from "node:fs/promises";
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
  await writeFile(resolve(cwd, file), text).catch((cause: unknown) => {
    throw new MigrateError("USAGE", `the ${what} could not be written`, {
      where: file,
      found: messageOf(cause),
      done: `the database was not changed; if the file exists, it is incomplete`,
      next,
      cause,
    });
  });
}
