/** A run that is killed at any moment: the next one goes on, and nothing is left over. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { freshDatabase, onEveryServer } from "../support/servers.ts";
import { ask } from "../support/ask.ts";
import { commandFor, inventoryOf, provisioned, run } from "./provisioning.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

onEveryServer("a killed provision", (lane) => {
  test("is done again by the next", async () => {
    await using server = await freshDatabase(lane, "empty");
    const before = await inventoryOf(server);
    const seen = async (name: string) =>
      (await server.query("SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", [name])).length > 0;
    const { args, env } = commandFor(server, ["--workers", "2", "--yes"]);
    // In the source, in the copy of its rows, in the first database and in the second.
    for (const name of ["ispyb_sandbox_source", "ispyb_sandbox_pristine", "ispyb_1", "ispyb_2"]) {
      const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env }, stdio: "ignore" });
      const ended = once(child, "exit");
      while (!(await seen(name)) && child.exitCode === null);
      child.kill("SIGKILL");
      await ended;
      expect(child.signalCode).toBe("SIGKILL");
    }
    const databases = await provisioned(server, ["--workers", "2"]);
    for (const { url } of databases) {
      expect(await ask(url, "SELECT COUNT(*) AS n FROM ProcessingJob")).toEqual([{ n: 0 }]);
    }
    expect(await inventoryOf(server)).not.toContain("database ispyb_sandbox_source");
    expect((await inventoryOf(server)).filter((each) => /^database .*pristine/.test(each))).toHaveLength(1);
    expect(await run(server, ["remove", "--yes"])).toMatchObject({ exit: 0 });
    expect(await inventoryOf(server)).toEqual(before);
  });
});
