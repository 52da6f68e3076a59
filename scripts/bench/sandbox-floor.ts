/** The lower limit of every start: Node, a copy of the template, the server, its first answer, and nothing else. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once as event } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { type ServerBinary, commandOf } from "../../src/server/binary.ts";
import { asUser, sizeOf } from "../../src/server/data-directory.ts";
import { fastParent } from "../../src/server/own-folders.ts";
import { sandboxSettings } from "../../src/server/sandbox-settings.ts";
import { throwAwaySettings } from "../../src/server/throw-away-settings.ts";
import { type Work, once } from "./measure.ts";

const PASSWORD = "floor";

/** Milliseconds between two attempts to connect. */
const RETRY = 1;

/** `data` is the data directory of a template; the copy lies where a sandbox has it. */
export function floor(binary: ServerBinary, data: string): Work {
  const node = { name: "node", file: process.execPath, args: ["--eval", "0"] };
  return {
    name: "the floor: node, cp, server, first answer",
    once: async () => {
      const folder = mkdtempSync(join(await fastParent(await sizeOf(data)), "ispyb-migrate-bench-"));
      mkdirSync(join(folder, "tmp"));
      writeFileSync(join(folder, "init.sql"), `ALTER USER 'root'@'localhost' IDENTIFIED BY '${PASSWORD}';\n`);
      const alone = once(node);
      const started = performance.now();
      const copied = spawnSync("cp", ["-R", data, join(folder, "data")], { encoding: "utf8" });
      if (copied.status !== 0) throw new Error(`cp failed: ${copied.stderr}`);
      const server = start(binary, folder);
      const kill = () => server.kill("SIGKILL");
      process.once("exit", kill);
      try {
        await firstAnswer(server, join(folder, "socket"));
        return alone + performance.now() - started;
      } finally {
        kill();
        process.off("exit", kill);
        if (server.exitCode === null && server.signalCode === null) await event(server, "exit");
        rmSync(folder, { recursive: true });
      }
    },
  };
}

function start(binary: ServerBinary, folder: string): ChildProcess {
  const { file, args } = commandOf(binary, [
    ...asUser(),
    ...throwAwaySettings(binary.vendor),
    ...sandboxSettings(binary),
    `--basedir=${binary.basedir}`,
    `--datadir=${join(folder, "data")}`,
    `--tmpdir=${join(folder, "tmp")}`,
    `--pid-file=${join(folder, "pid")}`,
    `--socket=${join(folder, "socket")}`,
    `--init-file=${join(folder, "init.sql")}`,
    "--bind-address=127.0.0.1",
    "--port=0",
  ]);
  return spawn(file, args, { env: { ...process.env, ...binary.env }, stdio: "ignore" });
}

async function firstAnswer(server: ChildProcess, socketPath: string): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with exit code ${server.exitCode}`);
    const db = await createConnection({ socketPath, user: "root", password: PASSWORD }).catch(() => undefined);
    if (db === undefined) {
      await pause(RETRY);
      continue;
    }
    await db.query("SELECT 1");
    return db.destroy();
  }
}
