/**
 * What a process that is not the owner can ask the guard of a folder: whether it lives, and to stop. The kernel
 * answers, so process ids, which are used again and differ by container, do not matter.
 */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";

/** Whether the guard of this folder lives; `unknown` where no guard has begun. */
export async function guardOf(folder: string): Promise<"lives" | "gone" | "unknown"> {
  let fifo: FileHandle;
  try {
    fifo = await open(join(folder, "guard"), constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (isAny(error, "ENOENT", "ENOTDIR", "EACCES")) return "unknown";
    throw error;
  }
  try {
    // The guard writes nothing: the end of the file is read as soon as it has ended.
    await fifo.read(Buffer.alloc(1));
    return "gone";
  } catch (error) {
    if (isAny(error, "EAGAIN")) return "lives";
    throw error;
  } finally {
    await fifo.close();
  }
}

/** Tells the guard to end the program; false if it cannot hear that. */
export async function tellToStop(folder: string): Promise<boolean> {
  let fifo: FileHandle | undefined;
  try {
    // Without a reader, this is refused at once with ENXIO.
    fifo = await open(join(folder, "stop"), constants.O_WRONLY | constants.O_NONBLOCK);
    await fifo.write("stop\n");
    return true;
  } catch (error) {
    // EPIPE: the reader ended meanwhile.
    if (isAny(error, "ENXIO", "EPIPE", "ENOENT", "ENOTDIR", "EACCES")) return false;
    throw error;
  } finally {
    await fifo?.close();
  }
}

function isAny(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? "");
}
