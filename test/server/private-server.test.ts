import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { toOwnServer } from "../../src/db/db.ts";
import type { ServerBinary } from "../../src/server/binary.ts";
import { newFolder, startGuarded } from "../../src/server/guard.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";

type Program = ChildProcessByStdio<null, Readable, null>;

const lane = inject("preparedLanes")["mariadb-10.11"];

// Folders only for this test, so that folders of other processes are not taken for leftovers.
let temporary: string;
const before = process.env["TMPDIR"];
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "t-"));
  process.env["TMPDIR"] = temporary;
});
afterEach(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  rmSync(temporary, { recursive: true, force: true });
});

/** Command lines of processes that contain our folder. */
function leftovers(): string[] {
  const lines = execFileSync("ps", ["-ww", "-eo", "args"], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(`${temporary}/`));
}

async function nothingIsLeft(): Promise<void> {
  for (let wait = 0; wait < 600 && (leftovers().length > 0 || readdirSync(temporary).length > 0); wait++)
    await pause(100);
  expect(leftovers()).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
}

describe.skipIf(lane?.kind !== "ready")("a private server", () => {
  if (lane?.kind !== "ready") return;
  const { binary, template } = lane;

  test("answers over TCP and over its socket, only with the generated password", async () => {
    await using server = await startPrivateServer(binary, { copyOf: template });
    const { socket, ...overTcp } = server;
    expect(socket).toBeDefined();
    for (const target of [server, overTcp]) {
      await using db = await connect({ ...target, database: "ispyb", ...toOwnServer });
      expect(await db.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    }
    const wrong = connect({ ...server, password: "", database: "ispyb", ...toOwnServer });
    await expect(wrong).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  });

  test("leaves no process and no folder when it is disposed", async () => {
    const server = await startPrivateServer(binary, { copyOf: template });
    expect(leftovers()).not.toEqual([]);
    await server[Symbol.asyncDispose]();
    expect(leftovers()).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
    await server[Symbol.asyncDispose](); // a second time is no error
  });

  test("several servers run side by side, separately", async () => {
    await using one = await startPrivateServer(binary, { copyOf: template });
    await using two = await startPrivateServer(binary, { copyOf: template });
    expect(one.port).not.toBe(two.port);
    await using first = await connect({ ...one, database: "ispyb", ...toOwnServer });
    await first.run("DROP DATABASE ispyb");
    await using second = await connect({ ...two, database: "ispyb", ...toOwnServer });
    expect(await second.rows("SELECT 1 AS one FROM Proposal")).toEqual([{ one: 1 }]);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
    test(`ends when its program ends by ${signal}`, async () => {
      const child = ownProgram("setInterval(() => {}, 1000)");
      await started(child, "answers");
      expect(leftovers()).not.toEqual([]);
      child.kill(signal);
      await once(child, "exit");
      await nothingIsLeft();
    });
  }

  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    test(`leaves nothing when its program ends by ${signal} at any moment of the start`, async () => {
      // From before the folder exists, during the copy and the start, until the server answers.
      for (const moment of [0, 1, 2, 4, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500]) {
        const child = ownProgram("setInterval(() => {}, 1000)");
        await started(child);
        await pause(moment);
        child.kill(signal);
        await once(child, "exit");
        await nothingIsLeft();
      }
    });
  }

  test("reports it if another process stops it by a signal, and its folder is removed", async () => {
    const folder = newFolder();
    const guarded = await startGuarded({ folder, file: "sh", args: ["-c", "kill -ABRT $$"] });
    await guarded.ended;
    expect(guarded.log()).toContain("the program was ended by signal 6");
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("leaves nothing if its folder cannot be created", async () => {
    process.env["TMPDIR"] = join(temporary, "missing");
    await expect(startPrivateServer(binary, { copyOf: template })).rejects.toMatchObject({ code: "ENOENT" });
    await nothingIsLeft();
  });

  test("does not keep its program alive, and ends with it", async () => {
    const child = ownProgram("");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
    await nothingIsLeft();
  });

  test("that fails to start is reported with its last messages, and leaves nothing", async () => {
    const broken = startPrivateServer(binary, { copyOf: template, args: ["--no-such-option"] });
    await expect(broken).rejects.toMatchObject({
      code: "SERVER_START",
      details: { found: expect.arrayContaining([expect.stringContaining("no-such-option")]) },
    });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("in a temporary folder with a long path has no socket, and works", async () => {
    const long = join(temporary, "x".repeat(100));
    mkdirSync(long);
    process.env["TMPDIR"] = long;
    await using server = await startPrivateServer(binary, { copyOf: template });
    expect(server.socket).toBeUndefined();
    await using db = await connect({ ...server, database: "ispyb", ...toOwnServer });
    expect(await db.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test.skipIf(process.getuid?.() !== 0)("runs for an ordinary user as well", async () => {
    // The account nobody may not read root's cache: program and template go to a folder that all may read.
    const here = moved(binary, join(temporary, "program"));
    cpSync(template, join(temporary, "template"), { recursive: true, verbatimSymlinks: true });
    execFileSync("chown", ["-R", "nobody", temporary]);
    const child = ownProgram(
      "setInterval(() => {}, 1000)",
      { binary: here, template: join(temporary, "template") },
      "nobody",
    );
    await started(child, "answers");
    expect(execFileSync("ps", ["-u", "nobody", "-o", "comm="], { encoding: "utf8" })).toMatch(/mariadbd|mysqld/);
    child.kill("SIGKILL");
    await once(child, "exit");
    for (let wait = 0; wait < 600 && leftovers().length > 0; wait++) await pause(100);
    expect(leftovers()).toEqual([]);
  });

  /** A separate program that starts a server, prints when it starts and when it answers, and continues with `then`. */
  function ownProgram(then: string, from = { binary, template }, user = ""): Program {
    const module = new URL("../../src/server/private-server.ts", import.meta.url).href;
    const code = `
      import { startPrivateServer } from ${JSON.stringify(module)};
      console.log("starts");
      await startPrivateServer(${JSON.stringify(from.binary)}, { copyOf: ${JSON.stringify(from.template)} });
      console.log("answers");
      ${then}`;
    const args = ["--input-type=module", "--eval", code];
    const id = user === "" ? {} : { uid: Number(execFileSync("id", ["-u", user])), cwd: "/" };
    return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], ...id });
  }
});

/** Resolves when the program has printed `word`. */
async function started(child: Program, word = "starts"): Promise<void> {
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`the program ended with ${code}`)));
  // The program ends later, when this promise is not awaited any more.
  ended.catch(() => {});
  let said = "";
  while (!said.includes(word)) {
    const [text] = (await Promise.race([once(child.stdout, "data"), ended])) as [Buffer];
    said += String(text);
  }
}

/** The same program copied to another folder, if it comes from the cache and is not installed on the machine. */
function moved(binary: ServerBinary, folder: string): ServerBinary {
  const root = dirname(binary.basedir);
  if (root === "/") return binary;
  cpSync(root, folder, { recursive: true, verbatimSymlinks: true });
  return JSON.parse(JSON.stringify(binary).replaceAll(root, folder)) as ServerBinary;
}
