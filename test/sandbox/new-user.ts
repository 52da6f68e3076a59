/** An account of the system with a home of its own. */
import { cp, mkdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { expect, onTestFinished } from "vitest";
import { cacheRoot } from "../../src/server/cache-root.ts";
import { run } from "../../src/server/process.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Ended, spawnSandbox } from "./spawn-sandbox.ts";

/** Only root can become another account. */
export const isRoot = process.getuid?.() === 0;

export interface User {
  readonly home: string;
  readonly sandbox: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    inside?: readonly string[],
  ) => Promise<Ended>;
}

/**
 * The account with this id, or the account of the tests where that is an ordinary one. Its home is empty, but for the
 * unpacked package of this file if one is given: a test downloads nothing.
 */
export async function newUser(account: number, program?: string): Promise<User> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const home = folder.path;
  const [top = "", name = ""] = relative(cacheRoot(), program ?? cacheRoot()).split(sep);
  if (top === "package") {
    const there = join(home, ".cache/ispyb-migrate/package");
    await mkdir(there, { recursive: true });
    await cp(join(cacheRoot(), top, name), join(there, name), { recursive: true, verbatimSymlinks: true });
  }
  if (isRoot) expect(await run("chown", ["-R", `${account}:${account}`, home])).toMatchObject({ code: 0 });
  const asAccount = isRoot ? ["setpriv", `--reuid=${account}`, `--regid=${account}`, "--clear-groups", "--"] : [];
  return {
    home,
    // A relative path does not count: the cache is in the home.
    sandbox: (args, env = {}, inside = []) =>
      spawnSandbox(args, { HOME: home, XDG_CACHE_HOME: "", ...env }, [...inside, ...asAccount]).ended,
  };
}
