import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { startPrivateServer } from "../../src/server/private-server.ts";

const tls = { mode: "disabled" } as const;
const lane = inject("preparedLanes")["mariadb-10.11"];

// Folders of this test alone, so that what others do on this machine is not taken for a leftover.
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

/** Command lines of processes that speak of our folder. */
function leftovers(): string[] {
  const lines = execFileSync("ps", ["-ww", "-eo", "args"], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(`${temporary}/`));
}

async function nothingIsLeft(): Promise<void> {
  for (let wait = 0; wait < 100 && (leftovers().length > 0 || readdirSync(temporary).length > 0); wait++) await pause(100);
  expect(leftovers()).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
}

describe.skipIf(lane?.kind !== "process")("a private server", () => {
  if (lane?.kind !== "process") return;
  const { binary, template } = lane;

  test("answers over TCP and over its socket, with the generated password only", async () => {
    await using server = await startPrivateServer(binary, { copyOf: template });
    const { socket, ...overTcp } = server;
    expect(socket).toBeDefined();
    for (const target of [server, overTcp]) {
      await using db = await connect({ ...target, database: "ispyb", tls });
      expect(await db.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    }
    const wrong = connect({ ...server, password: "", database: "ispyb", tls });
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

  test("several live side by side and do not see each other", async () => {
    await using one = await startPrivateServer(binary, { copyOf: template });
    await using two = await startPrivateServer(binary, { copyOf: template });
    expect(one.port).not.toBe(two.port);
    await using first = await connect({ ...one, database: "ispyb", tls });
    await first.run("DROP DATABASE ispyb");
    await using second = await connect({ ...two, database: "ispyb", tls });
    expect(await second.rows("SELECT 1 AS one FROM Proposal")).toEqual([{ one: 1 }]);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
    test(`is gone when its program ends by ${signal}`, async () => {
      const child = ownProgram("await new Promise((resolve) => setTimeout(resolve, 60_000));");
      await once(child.stdout!, "data");
      expect(leftovers()).not.toEqual([]);
      child.kill(signal);
      await once(child, "exit");
      await nothingIsLeft();
    });
  }

  test("does not keep its program alive, and is gone when that ends", async () => {
    const child = ownProgram("");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
    await nothingIsLeft();
  });

  test("that breaks while starting is reported with its own last words, and leaves nothing", async () => {
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
    await using db = await connect({ ...server, database: "ispyb", tls });
    expect(await db.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test.skipIf(process.getuid?.() !== 0)("runs for an ordinary user as well", async () => {
    // The folders on the way to the checkout may be closed to others; an open one is used instead.
    expect(existsSync(dirname(binary.file))).toBe(true);
  });

  /** A program of its own that starts a server, says so, and goes on with `then`. */
  function ownProgram(then: string): ChildProcess {
    const module = new URL("../../src/server/private-server.ts", import.meta.url).href;
    const code = `
      import { startPrivateServer } from ${JSON.stringify(module)};
      await startPrivateServer(${JSON.stringify(binary)}, { copyOf: ${JSON.stringify(template)} });
      console.log("started");
      ${then}`;
    const args = ["--input-type=module", "--eval", code];
    return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  }
});
