/** `sandbox` as a user calls it: programs of their own, because the end of a process is what is tested. */
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { cacheRoot } from "../../src/server/cache-root.ts";
import { ask } from "../support/ask.ts";
import { temporaryFolder } from "../support/folder.ts";
import { lanes } from "../support/servers.ts";
import { type Spawned, spawnSandbox } from "./spawn-sandbox.ts";

interface Answer {
  readonly id: string;
  readonly folder: string;
  readonly socket: string;
  readonly databases: readonly { readonly name: string; readonly url: string }[];
  readonly admin: { readonly url: string };
}

const series = lanes.map(({ name }) => name);

async function gone(folder: string): Promise<void> {
  for (let turn = 0; turn < 200 && existsSync(folder); turn++) await pause(50);
  expect(existsSync(folder)).toBe(false);
}

describe.each(series)("a sandbox of %s", (server) => {
  const sandbox = (...args: string[]): Spawned => spawnSandbox([...args, "--server", server]);

  test("answers with its URLs and stays until Ctrl-C", async () => {
    const running = sandbox("multi-sweep", "--workers", "2", "--json");
    const { databases, socket } = await running.answer<Answer>();
    expect(databases.map(({ name }) => name)).toEqual(["ispyb_1", "ispyb_2"]);
    for (const { name, url } of databases) {
      expect(await ask(url, "SELECT COUNT(*) AS jobs FROM ProcessingJob")).toEqual([{ jobs: 1 }]);
      await ask(url, "DELETE FROM ProcessingJob");
      await ask(url, `CALL ispyb_sandbox.reset('${name}')`);
      expect(await ask(url, "SELECT COUNT(*) AS jobs FROM ProcessingJob")).toEqual([{ jobs: 1 }]);
    }
    const [first, second] = databases;
    await expect(ask(first?.url ?? "", "SELECT 1 FROM ispyb_2.ProcessingJob")).rejects.toThrow(/denied/);
    await expect(ask(first?.url ?? "", `CALL ispyb_sandbox.reset('${second?.name}')`)).rejects.toThrow(/belongs to/);
    running.signal("SIGINT");
    expect(await running.ended).toMatchObject({ exit: 0 });
    expect(existsSync(socket)).toBe(false);
  });

  test("runs a program with its variables, and ends with the program's exit code", async () => {
    const script = `console.log(process.env.ISPYB_URL, process.env.MYSQL_DATABASE); process.exit(7)`;
    const { exit, stdout } = await spawnSandbox(["--server", server, "--", process.execPath, "-e", script]).ended;
    expect(exit).toBe(7);
    expect(stdout).toMatch(/^mysql:\/\/ispyb_1:[\w-]+@127\.0\.0\.1:\d+\/ispyb_1 ispyb_1\n$/);
  });

  test("is detached, listed, reset, checked and stopped by other processes", async () => {
    const { databases, id, socket } = await sandbox("--detach", "--json").answer<Answer>();
    const [{ url } = { url: "" }] = databases;
    const inIt = (...args: string[]) => spawnSandbox(args, { ISPYB_SANDBOX: id }).ended;
    try {
      expect((await inIt("list")).stdout).toContain(id);
      expect(await inIt("check")).toMatchObject({ exit: 0, stdout: "ispyb_1 equals its template\n" });
      await ask(url, "INSERT INTO ProcessingJob (displayName) VALUES ('a test')");
      await ask(url, "DROP PROCEDURE upsert_processing_job");
      const { exit, stdout } = await inIt("check");
      expect(exit).toBe(1);
      expect(stdout.split("\n").toSorted()).toEqual(
        ["", "ispyb_1: procedure upsert_processing_job is missing", "ispyb_1: rows of ProcessingJob differ"].toSorted(),
      );
      expect(await inIt("reset")).toMatchObject({ exit: 0 });
      expect(await inIt("check")).toMatchObject({ exit: 0 });
    } finally {
      expect(await inIt("stop", id)).toMatchObject({ exit: 0, stdout: `stopped ${id}\n` });
    }
    expect(existsSync(socket)).toBe(false);
    expect((await inIt("list")).stdout).not.toContain(id);
  });

  test.each(["SIGKILL", "SIGTERM"] as const)("leaves nothing when its process gets %s", async (signal) => {
    const running = sandbox("--json");
    const { socket } = await running.answer<Answer>();
    running.signal(signal);
    await running.ended;
    await gone(join(socket, ".."));
  });
});

test("old data of failed tests are removed by the next start of any sandbox", async () => {
  const sandbox = (...args: string[]) => spawnSandbox(["--server", "mariadb-10.11", ...args]);
  const [old, young] = await Promise.all([
    sandbox("--detach", "--json").answer<Answer>(),
    sandbox("--detach", "--json").answer<Answer>(),
  ]);
  try {
    const keep = ({ socket }: Answer, started: string) => {
      const file = join(socket, "../sandbox.json");
      const description = JSON.parse(readFileSync(file, "utf8")) as object;
      writeFileSync(file, JSON.stringify({ ...description, started, kept: ["ispyb_kept_1"] }));
    };
    keep(young, new Date().toISOString());
    keep(old, new Date(Date.now() - 4 * 24 * 3600 * 1000).toISOString());
    expect(await sandbox("--", "true").ended).toMatchObject({ exit: 0 });
    expect([old, young].map(({ socket }) => existsSync(socket))).toEqual([false, true]);
  } finally {
    await spawnSandbox(["stop", young.id]).ended;
  }
});

/** Gives a new cache everything but templates, so that these are built anew. Returns their folder. */
function withoutTemplates(cache: string): string {
  mkdirSync(join(cache, "ispyb-migrate"));
  for (const name of readdirSync(cacheRoot())) {
    if (name !== "template") symlinkSync(join(cacheRoot(), name), join(cache, "ispyb-migrate", name));
  }
  return join(cache, "ispyb-migrate/template");
}

test("a builder that was killed leaves no template, and nothing that the next start does not remove", async () => {
  await using cache = await temporaryFolder();
  const templates = withoutTemplates(cache.path);
  const args = ["--server", "mariadb-10.11", "--", "true"];
  const builder = spawnSandbox(args, { XDG_CACHE_HOME: cache.path });
  // In the middle of its work: the server runs in the folder.
  const isBuilding = () =>
    existsSync(templates) &&
    readdirSync(templates).some((name) => existsSync(join(templates, name, "data/ispyb_sandbox_source")));
  for (let turn = 0; turn < 1200 && !isBuilding(); turn++) await pause(25);
  expect(isBuilding()).toBe(true);
  builder.signal("SIGKILL");
  await builder.ended;
  expect(readdirSync(templates)).toEqual([expect.stringMatching(/^\./)]);
  expect(await spawnSandbox(args, { XDG_CACHE_HOME: cache.path }).ended).toMatchObject({ exit: 0 });
  expect(readdirSync(templates)).toEqual([expect.stringMatching(/^[0-9a-f]{24}$/)]);
});

test("eight at once do not meet, also where they build their template together", async () => {
  await using cache = await temporaryFolder();
  const folder = withoutTemplates(cache.path);
  const script = `
    const { ISPYB_URL } = process.env;
    console.log(ISPYB_URL);`;
  const all = Array.from({ length: 8 }, () =>
    spawnSandbox(["--server", "mariadb-10.11", "--", process.execPath, "-e", script], { XDG_CACHE_HOME: cache.path }),
  );
  const ended = await Promise.all(all.map((each) => each.ended));
  expect(ended.map(({ exit }) => exit)).toEqual(Array.from({ length: 8 }, () => 0));
  expect(new Set(ended.map(({ stdout }) => stdout)).size).toBe(8);
  expect(readdirSync(folder)).toHaveLength(1);
});

test("a template is packed, and used from its file", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "template.tar.gz");
  const packed = await spawnSandbox(["pack", file, "non-mx", "--server", "mariadb-10.11"]).ended;
  expect(packed).toMatchObject({ exit: 0 });
  const used = await spawnSandbox(["non-mx", "--server", "mariadb-10.11", "--template", file, "--", "true"]).ended;
  expect(used).toMatchObject({ exit: 0, stderr: "" });
  const stale = await spawnSandbox(["--server", "mariadb-10.11", "--template", file, "--", "true"]).ended;
  expect(stale).toMatchObject({ exit: 0 });
});
