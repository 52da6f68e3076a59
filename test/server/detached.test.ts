import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { toOwnServer } from "../../src/db/db.ts";
import { newFolder, startGuarded } from "../../src/server/guard.ts";
import { removeLeftOver } from "../../src/server/left-over.ts";
import { type PrivateServer, startPrivateServer } from "../../src/server/private-server.ts";
import { listRegistered, register, stopRegistered } from "../../src/server/registry.ts";

const lane = inject("preparedLanes")["mariadb-10.11"];

// Folders only for this test: other tests kill guards of their own.
let temporary: string;
const before = process.env["TMPDIR"];
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "t-"));
  process.env["TMPDIR"] = temporary;
});
afterEach(async () => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  await rm(temporary, { recursive: true, force: true });
});

/** Processes whose command line names the folder. */
function processesOf(folder: string): { readonly pid: number; readonly command: string }[] {
  const lines = execFileSync("ps", ["-ww", "-eo", "pid,args"], { encoding: "utf8" }).split("\n");
  const ours = lines.filter((line) => line.includes(basename(folder)));
  return ours.map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
}

/** The shell that is the server's parent; the other shells are its watchers. */
function guardOfServer(folder: string): number {
  return Number(/^\S+ \(.*\) \S (\d+)/.exec(readFileSync(`/proc/${serverOf(folder)}/stat`, "utf8"))?.[1]);
}

function serverOf(folder: string): number {
  return Number(readFileSync(join(folder, "pid"), "utf8"));
}

/** Kills the guard and its watchers at the same moment, as the system does that has no memory left. */
function killShells(folder: string): void {
  const shells = processesOf(folder).filter(({ pid }) => pid !== serverOf(folder));
  // Stopped first, so that none can do the work of another.
  for (const signal of ["SIGSTOP", "SIGKILL"]) for (const { pid } of shells) process.kill(pid, signal);
  while (processesOf(folder).length > 1);
}

/** Waits until no process names the folder, and it is gone. */
async function isGone(folder: string): Promise<void> {
  const left = () => processesOf(folder).length > 0 || existsSync(folder);
  for (let wait = 0; wait < 300 && left(); wait++) await pause(100);
  expect(processesOf(folder)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
}

async function answers(server: Omit<PrivateServer, "detach" | typeof Symbol.asyncDispose>): Promise<void> {
  await using db = await connect({ ...server, database: "ispyb", ...toOwnServer });
  expect(await db.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
}

describe.skipIf(lane?.kind !== "ready")("a detached server", () => {
  if (lane?.kind !== "ready") return;
  const { binary, template } = lane;

  /** A program that starts a registered server, detaches it if told to, and prints its folder. */
  async function startedElsewhere(detach: boolean): Promise<{ child: ChildProcess; folder: string }> {
    const module = (name: string) => JSON.stringify(new URL(`../../src/server/${name}.ts`, import.meta.url).href);
    const code = `
      import { startPrivateServer } from ${module("private-server")};
      import { register } from ${module("registry")};
      const options = { copyOf: ${JSON.stringify(template)}, detachable: true, purpose: "sandbox-" };
      const server = await startPrivateServer(${JSON.stringify(binary)}, options);
      const { folder, host, port, user, password, socket, description } = server;
      await register(folder, { folder, host, port, user, password, socket, description });
      ${detach ? "server.detach();" : "setInterval(() => {}, 1000);"}
      console.log(folder);`;
    const args = ["--input-type=module", "--eval", code];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [text] = (await once(child.stdout, "data")) as [Buffer];
    return { child, folder: String(text).trim() };
  }

  test("outlives its program, is listed with its description, and ends when it is told to", async () => {
    const { child, folder } = await startedElsewhere(true);
    if (child.exitCode === null) await once(child, "exit");
    const listed = await listRegistered();
    const own = listed.find((one) => one.folder === folder);
    expect(own?.description).toMatchObject({ host: "127.0.0.1", user: "root" });
    await answers(own?.description as PrivateServer);
    expect(await removeLeftOver()).not.toContain(folder);
    expect(await stopRegistered(folder)).toBe(true);
    await isGone(folder);
    expect((await listRegistered()).map((one) => one.folder)).not.toContain(folder);
  });

  test("can be stopped by another program while its own program runs", async () => {
    const { child, folder } = await startedElsewhere(false);
    expect(await stopRegistered(folder)).toBe(true);
    await isGone(folder);
    child.kill("SIGKILL");
  });

  test("ends by its disposal, also after it was detached", async () => {
    const server = await startPrivateServer(binary, { copyOf: template, detachable: true });
    server.detach();
    await answers(server);
    await server[Symbol.asyncDispose]();
    await isGone(server.folder);
  });

  test("leaves nothing when the server is killed", async () => {
    const { folder } = await startedElsewhere(true);
    process.kill(serverOf(folder), "SIGKILL");
    await isGone(folder);
  });

  test("leaves nothing when its guard is killed", async () => {
    const { folder } = await startedElsewhere(true);
    process.kill(guardOfServer(folder), "SIGKILL");
    await isGone(folder);
  });

  test("leaves nothing when both its program and its guard are killed", async () => {
    const { child, folder } = await startedElsewhere(false);
    process.kill(guardOfServer(folder), "SIGKILL");
    child.kill("SIGKILL");
    await isGone(folder);
  });

  test("without any part of its guard is not listed, and the next start removes server and folder", async () => {
    const { folder } = await startedElsewhere(true);
    killShells(folder);
    expect(processesOf(folder)).toHaveLength(1);
    expect((await listRegistered()).map((one) => one.folder)).not.toContain(folder);
    expect(await removeLeftOver()).toContain(folder);
    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  test("is stopped although the part of its guard that listens was killed", async () => {
    const { folder } = await startedElsewhere(true);
    const [server, guard] = [serverOf(folder), guardOfServer(folder)];
    for (const { pid } of processesOf(folder)) if (pid !== server && pid !== guard) process.kill(pid, "SIGKILL");
    expect(await stopRegistered(folder)).toBe(true);
    await isGone(folder);
  });

  test("that everything was killed of is removed by the next start", async () => {
    const { folder } = await startedElsewhere(true);
    const server = serverOf(folder);
    killShells(folder);
    process.kill(server, "SIGKILL");
    expect(await removeLeftOver()).toContain(folder);
    await isGone(folder);
  });

  test("of which only the client is left over: another program that names the folder is not killed", async () => {
    const { folder } = await startedElsewhere(true);
    const reader = spawn("tail", ["-f", join(folder, "log")], { stdio: "ignore" });
    killShells(folder);
    expect(await removeLeftOver()).toContain(folder);
    expect(reader.exitCode).toBeNull();
    reader.kill();
  });

  test("that fails to start says why, and leaves nothing", async () => {
    const broken = startPrivateServer(binary, { copyOf: template, detachable: true, args: ["--no-such-option"] });
    await expect(broken).rejects.toMatchObject({
      code: "SERVER_START",
      details: { found: expect.arrayContaining([expect.stringContaining("no-such-option")]) },
    });
  });

  test.skipIf(!existsSync("/dev/shm"))(
    "has its data in memory where it is asked for, and the machine has room",
    async () => {
      await using server = await startPrivateServer(binary, { copyOf: template, memory: true });
      expect(server.folder).toMatch(/^\/dev\/shm\//);
      await answers(server);
    },
  );
});

test("a folder that is being filled is not left over", async () => {
  const folder = newFolder();
  let removed: string[] | undefined;
  const prepare = async () => {
    for (let turn = 0; turn < 50; turn++) {
      removed = await removeLeftOver();
      expect(removed).not.toContain(folder);
      await pause(1);
    }
  };
  const guarded = await startGuarded({ folder, prepare, file: "sleep", args: ["60"], grace: 0 });
  expect(removed).toBeDefined();
  await guarded.stop();
  expect(existsSync(folder)).toBe(false);
});

test("a description is replaced as a whole", async () => {
  const folder = newFolder();
  const guarded = await startGuarded({ folder, file: "sleep", args: ["60"], grace: 0 });
  await register(folder, { name: "first" });
  await register(folder, { name: "second" });
  await expect.poll(() => listRegistered()).toContainEqual({ folder, description: { name: "second" } });
  await guarded.stop();
});
