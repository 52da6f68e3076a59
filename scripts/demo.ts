/**
 * Demonstrates the tool: upgrades an ISPyB without processing jobs on a private server, and draws a job; then a sandbox,
 * as a test would use it.
 */
import { spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { connect } from "../src/db/connect.ts";
import type { Target } from "../src/db/db.ts";
import { MigrateError } from "../src/errors.ts";
import { loadBase } from "../src/base/load-base.ts";
import { findServer } from "../src/server/find.ts";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);
const chapter = (title: string) => say(`\n── ${title} ${"─".repeat(Math.max(0, 76 - title.length))}`);

/** Runs `ispyb-migrate` as a user would; the password is passed in the environment. */
async function ispybMigrate(target: Target, ...args: string[]): Promise<void> {
  const url = `mysql://${target.user}@${target.host}:${target.port}/${target.database}`;
  say(`\n$ ispyb-migrate ${args.join(" ")}`);
  await ends([main, ...args, "--url", url], `ispyb-migrate ${args.join(" ")}`, { MYSQL_PWD: target.password });
}

/** What a test does: it finds the database in its environment. `!`: a difference is found, and that is an answer. */
const inSandbox = `set -ex
ispyb-migrate show
ispyb-migrate seed non-mx --yes
! ispyb-migrate sandbox check
ispyb-migrate sandbox reset
ispyb-migrate sandbox check`;

/** Runs these commands in a sandbox with an example job; the shell shows each of them. */
async function sandbox(): Promise<void> {
  chapter("a test database: a job is added to a sandbox, and the exact reset takes it back");
  say("\n$ ispyb-migrate sandbox multi-sweep -- sh test.sh");
  const scripts = dirname(fileURLToPath(import.meta.url));
  const env = { PATH: `${scripts}${delimiter}${process.env["PATH"]}`, PS4: "\n$ " };
  await ends([main, "sandbox", "multi-sweep", "--", "sh", "-c", `exec 2>&1; ${inSandbox}`], "the sandbox", env);
  chapter("the sandbox ended with its program");
}

/** Runs a program of Node; throws if it fails. */
async function ends(args: readonly string[], what: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${what} ended with exit code ${String(code)}`);
}

async function demo(): Promise<void> {
  chapter("start a private server, and load an official ISPyB without processing jobs");
  await using server = await findServer(say);
  say(`server: ${server.description} on port ${server.port}`);
  const { host, port, user, password } = server;
  const account = { host, port, user, password, tls: { mode: "preferred" } } as const;
  const target: Target = { ...account, database: "ispyb_demo" };
  {
    await using db = await connect({ ...account, database: "mysql" });
    await db.run("CREATE DATABASE ispyb_demo CHARACTER SET latin1");
  }
  await using db = await connect(target);
  await loadBase(db, "official");

  chapter("show the plan");
  await ispybMigrate(target, "plan");

  chapter("apply it");
  await ispybMigrate(target, "up", "--yes");

  chapter("verify the result");
  await ispybMigrate(target, "verify");
  await ispybMigrate(target, "status");

  chapter("insert example jobs");
  for (const story of ["multi-sweep", "non-mx"]) await ispybMigrate(target, "seed", story, "--yes");
  await ispybMigrate(target, "show");

  chapter("show a job with two sweeps, and a tomogram without sweeps");
  const [job] = await db.rows<{ first: number; last: number }>(
    "SELECT MIN(processingJobId) AS first, MAX(processingJobId) AS last FROM ProcessingJob",
  );
  for (const id of [job?.first, job?.last]) await ispybMigrate(target, "show", String(id));
  chapter("stop the server, and remove its data");
}

try {
  await demo();
  await sandbox();
} catch (error) {
  process.exitCode = error instanceof MigrateError ? error.exit : 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof MigrateError) process.stderr.write(`${JSON.stringify(error.details, null, 2)}\n`);
}
