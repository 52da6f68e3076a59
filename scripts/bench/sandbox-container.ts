/** The container way to the same content, as the package of testcontainers for this server has it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once as event } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { containerEngine } from "../../src/server/container-engine.ts";
import { localImageOf } from "../../src/server/container.ts";
import type { Installed } from "./installed.ts";
import type { Work } from "./measure.ts";
import { type Place, type Scripts, sendAll } from "./sandbox-peers.ts";

/** Its npm packages. */
export const containerPackages: readonly string[] = ["@testcontainers/mariadb@12", "@testcontainers/mysql@12"];

const DATABASE = "ispyb_loaded";

/** What a test's set-up says; its data are in memory. It ends with its standard input. */
const PROGRAM = `
const [image, database] = process.argv.slice(2);
const { MariaDbContainer, MySqlContainer } = image.startsWith("mysql")
  ? await import("@testcontainers/mysql")
  : await import("@testcontainers/mariadb");
const Container = MariaDbContainer ?? MySqlContainer;
const container = await new Container(image)
  .withDatabase(database)
  .withTmpFs({ "/var/lib/mysql": "rw" })
  .start();
console.log(JSON.stringify({ host: container.getHost(), port: container.getPort() }));
await new Promise((resolve) => process.stdin.on("end", resolve).resume());
await container.stop();
`;

/** The work, or why there is none. Only a local image is taken: a download is no part of it. */
export async function inContainer(
  build: Installed,
  series: string,
  scripts: Scripts,
): Promise<Work | { readonly reason: string }> {
  const engine = await containerEngine();
  if ("reason" in engine) return engine;
  const wanted = series.replace("-", ":");
  const image = await localImageOf(engine, wanted);
  if (image === undefined) return { reason: `there is no local image ${wanted}` };
  const file = join(build.folder, "container.mjs");
  writeFileSync(file, PROGRAM);
  return {
    name: `testcontainers, ${image}, with the same content`,
    once: async () => {
      const started = performance.now();
      const program = spawn(process.execPath, [file, image, DATABASE], { stdio: ["pipe", "pipe", "inherit"] });
      try {
        await sendAll(scripts, { ...(await firstLine(program)), user: "root", password: "test", database: DATABASE });
        return performance.now() - started;
      } finally {
        program.stdin.end();
        if (program.exitCode === null) await event(program, "exit");
      }
    },
  };
}

async function firstLine({ stdout }: Pick<ChildProcess, "stdout">): Promise<Pick<Place, "host" | "port">> {
  if (stdout !== null) {
    for await (const line of createInterface({ input: stdout })) return JSON.parse(line) as Place;
  }
  throw new Error("the container did not start");
}
