/**
 * The register of running servers that other processes may list and stop: there is no central file, each server's
 * folder holds its own description. The description goes with the folder, so it cannot be stale.
 */
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { removeFolder } from "./left-over.ts";
import { guardOf, tellToStop } from "./liveness.ts";
import { ownFolders } from "./own-folders.ts";

const FILE = "sandbox.json";

/** Milliseconds until a server must have ended after the word to stop: it is killed without a clean shutdown. */
const PATIENCE = 5_000;

/** A running server with its description. */
export interface Registered {
  readonly folder: string;
  readonly description: unknown;
}

/** Describes the running server of this folder for other processes of this account. A second time replaces it. */
export async function register(folder: string, description: unknown): Promise<void> {
  const path = join(folder, FILE);
  // Readers see a whole file or none.
  await writeFile(`${path}.new`, `${JSON.stringify(description, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** All registered servers of this account whose guard lives. */
export async function listRegistered(): Promise<Registered[]> {
  const all = await Promise.all((await ownFolders()).map(readRegistered));
  return all.flatMap((one) => one ?? []);
}

async function readRegistered(folder: string): Promise<Registered | undefined> {
  try {
    const description: unknown = JSON.parse(await readFile(join(folder, FILE), "utf8"));
    return (await guardOf(folder)) === "lives" ? { folder, description } : undefined;
  } catch (error) {
    // Not registered, or removed meanwhile.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Ends the server of this folder, and waits until both are gone. Returns false if that was not possible. */
export async function stopRegistered(folder: string): Promise<boolean> {
  if (await tellToStop(folder)) {
    for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await pause(10)) {
      if (await isGone(folder)) return true;
    }
  }
  // The part of the guard that listens was killed.
  return removeFolder(folder);
}

async function isGone(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
}
