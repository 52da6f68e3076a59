/** `sandbox` by an account without rights and with a home of its own, also on a machine that has nothing. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { run } from "../../src/server/process.ts";
import { lanes } from "../support/servers.ts";
import { isRoot, newUser } from "./new-user.ts";

/** An account that owns nothing; the account of the tests where it is an ordinary one. */
const account = isRoot ? 65_534 : (process.getuid?.() ?? 0);
const withoutNetwork = isRoot ? ["unshare", "--net", "--"] : ["unshare", "--map-root-user", "--net", "--"];

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
    const user = await newUser(account, lane.binary.file);
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
    const { home, sandbox } = await newUser(account);
    const { exit, stderr, stdout } = await sandbox([], usual, withoutNetwork);
    expect([exit, stdout]).toEqual([78, ""]);
    expect(stderr).toContain("error NO_SERVER: no database server can be started on this machine");
    expect(stderr).toContain("install one, for example: apt-get install mariadb-server-core");
    expect(stderr).toMatch(/ispyb-migrate sandbox --server mariadb:11\.8 +# with a container engine/);
    expect(readdirSync(join(home, ".cache/ispyb-migrate/package"))).toEqual([]);
  });

  test("gets no series that was not unpacked before, and is told where it may come from", async () => {
    const { sandbox } = await newUser(account);
    const { exit, stderr } = await sandbox(["--server", "mariadb-10.5"], usual, withoutNetwork);
    expect(exit).toBe(78);
    expect(stderr).toContain("put a server program of mariadb-10.5 on the PATH");
  });

  test("and without a container engine is told which series needs none", async () => {
    const { sandbox } = await newUser(account);
    const engine = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
    const { exit, stderr } = await sandbox(["--server", "mysql:9.7"], { ...usual, ...engine }, withoutNetwork);
    expect(exit).toBe(78);
    expect(stderr).toContain("no container of mysql:9.7 can be started");
    expect(stderr).toMatch(/start this engine, or unset DOCKER_HOST/);
    expect(stderr).toMatch(/ispyb-migrate sandbox --server mysql-9 +# needs no container engine/);
  });
});
