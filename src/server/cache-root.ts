/** Where the cache is, and why it cannot be used. */
import { accessSync, constants, existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { MigrateError, messageOf } from "../errors.ts";

/** The only folder that remains on the machine. */
export function cacheRoot(): string {
  // The XDG Base Directory Specification requires that a relative path is ignored.
  const wanted = process.env["XDG_CACHE_HOME"];
  return join(wanted?.startsWith("/") ? wanted : join(home(), ".cache"), "ispyb-migrate");
}

/** What to do about it. */
export const anotherCache = "free space for the cache, or set XDG_CACHE_HOME to another folder";

/** Why the cache cannot be used, as a sentence. Throws `error` again if it is no error of the file system. */
export function cacheFault(error: unknown): string {
  return `${faultOf(error)}; to use another folder, set XDG_CACHE_HOME`;
}

/** Throws CONFIGURATION for an error of the file system, and every other error again. */
export function throwCacheFault(error: unknown): never {
  throw new MigrateError("CONFIGURATION", faultOf(error), {
    where: cacheRoot(),
    found: messageOf(error),
    done: "no server was started, and nothing was left over",
    next: anotherCache,
    cause: error,
  });
}

// --- internal ---

function faultOf(error: unknown): string {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  // A program that cannot be started is another matter.
  if (syscall === undefined || syscall.startsWith("spawn")) throw error;
  return `the cache folder ${cacheRoot()} cannot be used (${whyNotWritable() ?? code ?? message})`;
}

function home(): string {
  const named = homedir();
  // HOME may be empty, and then the cache would be in the working folder.
  return named.startsWith("/") ? named : userInfo().homedir;
}

/** Node says ENOENT where a folder cannot be made on a file system that is read-only. */
function whyNotWritable(): string | undefined {
  let place = cacheRoot();
  while (!existsSync(place) && place !== dirname(place)) place = dirname(place);
  try {
    accessSync(place, constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
