/** `sandbox` by an account without rights and with a home of its own, also on a machine that has nothing. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { cacheRoot } from "../../src/server/cache-root.ts";
import { run } from "../../src/server/process.ts";
import { temporaryFolder } from "../support/folder.ts";
import { lanes } from "../support/servers.ts";
import { type Ended, spawnSandbox } from "./spawn-sandbox.ts";

/** An account that owns nothing; the account of the tests where it is an ordinary one. */
const isRoot = process.getuid?.() === 0;
const account = isRoot ? 65_534 : (process.getuid?.() ?? 0);
const asAccount = isRoot ? ["setpriv", `--reuid=${account}`, `--regid=${account}`, "--clear-groups", "--"] : [];
const withoutNetwork = isRoot ? ["unshare", "--net", "--"] : ["unshare", "--map-root-user", "--net", "--"];

interface User {
  readonly home: string;
  readonly sandbox: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    inside?: readonly string[],
  ) => Promise<Ended>;
}

/** Its home is empty, but for the unpacked package of this file if one is given: a test downloads nothing. */
async function newUser(program?: string): Promise<User> {
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
  return {
    home,
    // A relative path does not count: the cache is in the home.
    sandbox: (args, env = {}, inside = []) =>
      spawnSandbox(args, { HOME: home, XDG_CACHE_HOME: "", ...env }, [...inside, ...asAccount]).ended,
  };
}

/** Folders of sandboxes that belong to the account. */
function folders(): string[] {
  const parents = ["/dev/shm", tmpdir()].filter((parent) => existsSync(parent));
  const all = parents.flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)));
  return all.filter((path) => path.includes("ispyb-migrate-sandbox-") && ownerOf(path) === account);
}

function ownerOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.uid;
}

describe.each(lanes.map(({ name }) => name))("an ordinary user has a sandbox of %s", (server) => {
  test("and nothing but the cache is left", async () => {
    const lane = inject("preparedLanes")[server];
    if (lane?.kind !== "ready") return expect.fail(`${server} is not ready`);
    const user = await newUser(lane.binary.file);
    const script = `const { ISPYB_URL } = process.env; console.log(process.getuid(), new URL(ISPYB_URL).pathname);`;
    const first = await user.sandbox(["non-mx", "--server", server, "--", process.execPath, "-e", script]);
    expect(first, first.stderr).toMatchObject({ exit: 0, stdout: `${account} /ispyb_1\n` });
    expect(first.stderr).toContain("preparing a template");
    const second = await user.sandbox(["non-mx", "--server", server, "--", "true"]);
    expect(second).toMatchObject({ exit: 0, stderr: "" });
    expect(readdirSync(user.home)).toEqual([".cache"]);
    // Other tests have sandboxes of the account where it is their own.
    if (isRoot) expect(folders()).toEqual([]);
  });
});

/** A machine without a server program: only Node and the usual tools are on it. */
const hasProgram = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec", "/usr/bin"].some(
  (place) => existsSync(join(place, "mariadbd")) || existsSync(join(place, "mysqld")),
);
const cut = await run(withoutNetwork[0] ?? "", [...withoutNetwork.slice(1), "true"]);
if (cut.code !== 0) process.stderr.write(`tests: SKIPPED: a machine without a network: ${cut.output}\n`);

describe.skipIf(cut.code !== 0)("an ordinary user without a network", () => {
  const usual = { PATH: "/usr/bin:/bin" };

  test.skipIf(hasProgram)("and without a program is told what to install", async () => {
    const { home, sandbox } = await newUser();
    const { exit, stderr, stdout } = await sandbox([], usual, withoutNetwork);
    expect([exit, stdout]).toEqual([78, ""]);
    expect(stderr).toContain("error NO_SERVER: no database server can be started on this machine");
    expect(stderr).toContain("install one, for example: apt-get install mariadb-server-core");
    expect(stderr).toMatch(/ispyb-migrate sandbox --server mariadb:11\.8 +# with a container engine/);
    expect(readdirSync(join(home, ".cache/ispyb-migrate/package"))).toEqual([]);
  });

  test("gets no series that was not unpacked before, and is told where it may come from", async () => {
    const { sandbox } = await newUser();
    const { exit, stderr } = await sandbox(["--server", "mariadb-10.5"], usual, withoutNetwork);
    expect(exit).toBe(78);
    expect(stderr).toContain("put a server program of mariadb-10.5 on the PATH");
  });

  test("and without a container engine is told which series needs none", async () => {
    const { sandbox } = await newUser();
    const engine = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
    const { exit, stderr } = await sandbox(["--server", "mysql:9.7"], { ...usual, ...engine }, withoutNetwork);
    expect(exit).toBe(78);
    expect(stderr).toContain("no container of mysql:9.7 can be started");
    expect(stderr).toMatch(/start this engine, or unset DOCKER_HOST/);
    expect(stderr).toMatch(/ispyb-migrate sandbox --server mysql-9 +# needs no container engine/);
  });
});
