/** `sandbox --server IMAGE` as a user calls it: the same answer as from a program, and the end of the container. */
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { RUN_LABEL } from "../../src/server/container-watch.ts";
import { ask } from "../support/ask.ts";
import { temporaryFolder } from "../support/folder.ts";
import { onImage } from "../support/on-image.ts";
import { type Spawned, spawnSandbox } from "./spawn-sandbox.ts";

interface Answer {
  readonly id: string;
  readonly databases: readonly { readonly name: string; readonly url: string }[];
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(50)) if (await holds()) return;
  expect.fail(`waited for a minute: ${what}`);
}

onImage("a sandbox in a container", ({ image, engine }) => {
  /** The containers that this process has started, in any state. */
  async function containersOf({ pid }: Spawned) {
    const { dockerode } = (await engine()).client.container;
    const all = await dockerode.listContainers({ all: true, filters: { label: [RUN_LABEL] } });
    const own = all.filter(({ Labels }) => Labels[RUN_LABEL]?.startsWith(`${pid}-`));
    return own.map(({ Id }) => dockerode.getContainer(Id));
  }

  test("is filled, listed, reset and checked like any other, and stays until Ctrl-C", async () => {
    const running = spawnSandbox(["multi-sweep", "--server", image, "--workers", "2", "--json"]);
    const { databases, id } = await running.answer<Answer>();
    const inIt = (...args: string[]) => spawnSandbox(args, { ISPYB_SANDBOX: id }).ended;
    expect(databases.map(({ name }) => name)).toEqual(["ispyb_1", "ispyb_2"]);
    for (const { name, url } of databases) {
      expect(await ask(url, "SELECT COUNT(*) AS jobs FROM ProcessingJob")).toEqual([{ jobs: 1 }]);
      await ask(url, "DELETE FROM ProcessingJob");
      await ask(url, `CALL ispyb_sandbox.reset('${name}')`);
      expect(await ask(url, "SELECT COUNT(*) AS jobs FROM ProcessingJob")).toEqual([{ jobs: 1 }]);
    }
    expect((await inIt("list")).stdout).toContain(`container of ${image}`);
    await ask(databases[0]?.url ?? "", "DROP PROCEDURE upsert_processing_job");
    expect((await inIt("check")).stdout).toContain("ispyb_1: procedure upsert_processing_job is missing");
    expect(await inIt("reset")).toMatchObject({ exit: 0 });
    expect(await inIt("check")).toMatchObject({ exit: 0 });
    expect(await containersOf(running)).toHaveLength(1);
    running.signal("SIGINT");
    expect(await running.ended).toMatchObject({ exit: 0 });
    expect(await containersOf(running)).toEqual([]);
    expect((await inIt("list")).stdout).not.toContain(id);
  });

  test("runs a program, and ends with its exit code", async () => {
    const script = `console.log(process.env.MYSQL_DATABASE, existsSync(process.env.ISPYB_SOCKET ?? "")); process.exit(7)`;
    const node = [process.execPath, "-e", `const { existsSync } = require("node:fs"); ${script}`];
    const running = spawnSandbox(["--server", image, "--", ...node]);
    expect(await running.ended).toMatchObject({ exit: 7, stdout: "ispyb_1 false\n" });
    expect(await containersOf(running)).toEqual([]);
  });

  test.each(["SIGTERM", "SIGKILL"] as const)(
    "is not left if its process gets %s while it is filled",
    async (signal) => {
      const running = spawnSandbox(["--server", image]);
      await until("the migrations are applied", async () =>
        running.printed().stderr.includes("applying the migrations"),
      );
      expect(await containersOf(running)).toHaveLength(1);
      running.signal(signal);
      await running.ended;
      await until("the container is gone", async () => (await containersOf(running)).length === 0);
    },
  );

  test.each(["SIGTERM", "SIGKILL"] as const)("is not left if its process gets %s", async (signal) => {
    const running = spawnSandbox(["--server", image, "--json"]);
    const { id } = await running.answer<Answer>();
    running.signal(signal);
    await running.ended;
    await until("the container is gone", async () => (await containersOf(running)).length === 0);
    expect((await spawnSandbox(["list"]).ended).stdout).not.toContain(id);
  });

  test("is stopped by another process", async () => {
    const running = spawnSandbox(["--server", image]);
    await until("it has answered", async () => running.printed().stdout.includes("Ctrl-C"));
    const { sandboxes } = await spawnSandbox(["list", "--json"]).answer<{ readonly sandboxes: readonly Answer[] }>();
    const { id = "" } =
      sandboxes.find(({ databases }) => running.printed().stdout.includes(`${databases[0]?.url}\n`)) ?? {};
    expect(await spawnSandbox(["stop", id]).ended).toMatchObject({ exit: 0, stdout: `stopped ${id}\n` });
    expect(await running.ended).toMatchObject({ exit: 2 });
    expect(await containersOf(running)).toEqual([]);
  });

  test("says so if others remove the container", async () => {
    const running = spawnSandbox(["--server", image]);
    await until("it has answered", async () => running.printed().stdout.includes("Ctrl-C"));
    const [container] = await containersOf(running);
    await container?.remove({ force: true, v: true });
    const { exit, stderr } = await running.ended;
    expect(exit).toBe(2);
    expect(stderr).toContain("the sandbox's server has ended by itself");
  });

  test("is not detached, has no template, and names the series that can do that", async () => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/template.tar.gz`;
    for (const args of [["--detach"], ["--template", file], ["pack", file]]) {
      const { exit, stderr } = await spawnSandbox([...args, "--server", image]).ended;
      expect(exit).toBe(64);
      expect(stderr).toMatch(/next +ispyb-migrate sandbox .*--server (?:mariadb|mysql)-[\d.]+/);
    }
    expect(existsSync(file)).toBe(false);
  });
});
