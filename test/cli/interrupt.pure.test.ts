import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { type Socket, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { type Started, startCli, startProgram } from "./spawn-cli.ts";

const program = new URL("./held-program.ts", import.meta.url).pathname;

/** Returns when the program has said this word, on either stream. */
function said({ child }: Started, word: string): Promise<void> {
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        if (chunk.toString().includes(word)) resolve();
      });
    }
  });
}

test("the first signal asks to stop, the second to kill", async () => {
  const started = startProgram(program, ["held"]);
  await said(started, "ready");
  started.child.kill("SIGINT");
  await said(started, "stop");
  started.child.kill("SIGTERM");
  const { exit, stdout, stderr } = await started.ended;
  expect([exit, stdout]).toEqual([7, "ready\nstop\nkill\n"]);
  expect(stderr).toBe(
    "stopping after the running statement; Ctrl-C again kills it on the server\nkilling the running statement on the server\n",
  );
});

test("if nothing is held, the first signal ends the process", async () => {
  const started = startProgram(program, ["free"]);
  await said(started, "ready");
  started.child.kill("SIGINT");
  expect(await started.ended).toEqual({ exit: 130, stdout: "ready\n", stderr: "" });
});

test("a third signal ends a process that does not end by itself", async () => {
  const started = startProgram(program, ["stubborn"]);
  await said(started, "ready");
  started.child.kill("SIGINT");
  await said(started, "stop");
  started.child.kill("SIGINT");
  await said(started, "killing");
  started.child.kill("SIGINT");
  expect(await started.ended).toMatchObject({ exit: 130 });
});

test("an uncaught error ends the process, too", async () => {
  expect(await startProgram(program, ["astray"]).ended).toMatchObject({ exit: 3, stdout: "" });
});

test("Ctrl-C ends the wait for a server that does not answer", async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
  }).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as { port: number };
  const started = startCli(["status", "--url", `mysql://me@127.0.0.1:${port}/ispyb`, "--json"]);
  await once(silent, "connection");
  started.child.kill("SIGINT");
  const { exit, stdout } = await started.ended;
  expect(exit).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: "INTERRUPTED" } });
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test("a closed pipe is not a failure", async () => {
  const started = startCli(["--help"]);
  started.child.stdout?.destroy();
  const { exit, stderr } = await started.ended;
  expect([exit, stderr]).toEqual([0, ""]);
});

test("a result that cannot be written is a failure, and stderr says so", async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [new URL("../../src/cli/main.ts", import.meta.url).pathname, "--help"], {
    stdio: ["ignore", full, "pipe"],
  });
  const errors = text(child.stderr ?? expect.fail("stderr is a pipe"));
  const exit = await new Promise((resolve) => child.once("close", resolve));
  closeSync(full);
  expect(exit).toBe(2);
  expect(await errors).toContain("ENOSPC");
});
