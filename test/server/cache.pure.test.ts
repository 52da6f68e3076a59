import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { builderMark, isAbandoned } from "../../src/server/builder.ts";
import { cacheRoot } from "../../src/server/cache-root.ts";
import { cached, removeCached } from "../../src/server/cache.ts";

const before = process.env["XDG_CACHE_HOME"];
beforeEach(async () => {
  process.env["XDG_CACHE_HOME"] = await mkdtemp(join(tmpdir(), "t-cache-"));
});
afterEach(async () => {
  await rm(dirname(cacheRoot()), { recursive: true, force: true });
  if (before === undefined) delete process.env["XDG_CACHE_HOME"];
  else process.env["XDG_CACHE_HOME"] = before;
});

let built = 0;
async function build(folder: string): Promise<void> {
  built++;
  writeFileSync(join(folder, "file"), "content");
}

test("a folder is built once", async () => {
  built = 0;
  const folder = await cached("a/b", build);
  expect(await cached("a/b", build)).toBe(folder);
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("content");
  expect(built).toBe(1);
});

test("a folder that is built as a copy of another is built once, too", async () => {
  const first = await cached("first", build);
  await cached("copy", (folder) => cp(first, folder, { recursive: true }));
  built = 0;
  await cached("copy", build);
  expect(built).toBe(0);
});

test("a damaged folder is built again", async () => {
  const folder = await cached("a", build);
  for (const damage of [truncateSync, unlinkSync]) {
    damage(join(folder, "file"));
    await cached("a", build);
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("content");
  }
});

test("several builds at the same time end with one complete folder and no leftovers", async () => {
  const folders = await Promise.all(Array.from({ length: 8 }, () => cached("a", build)));
  expect(new Set(folders).size).toBe(1);
  expect(readdirSync(cacheRoot())).toEqual(["a"]);
});

test("a failed build leaves nothing", async () => {
  const failing = cached("a", () => Promise.reject(new Error("no network")));
  await expect(failing).rejects.toThrow("no network");
  expect(readdirSync(cacheRoot())).toEqual([]);
});

test("the folder of a killed build is removed, that of a running build is not", async () => {
  const [old, fresh] = [join(cacheRoot(), ".a-old"), join(cacheRoot(), ".a-fresh")];
  for (const folder of [old, fresh]) mkdirSync(folder, { recursive: true });
  utimesSync(old, new Date(0), new Date(0));
  await cached("a", build);
  expect(readdirSync(cacheRoot()).toSorted()).toEqual([".a-fresh", "a"]);
});

test("the folder of a builder that was killed is removed by the next start, whatever it looks for", async () => {
  const module = JSON.stringify(new URL("../../src/server/cache.ts", import.meta.url).href);
  const code = `import { cached } from ${module}; await cached("a", () => new Promise((done) => { console.log(); setTimeout(done, 1e6); }));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  await cached("b", build);
  // It still runs.
  expect(readdirSync(cacheRoot())).toEqual([expect.stringMatching(/^\.a\.builder-/), "b"]);
  child.kill("SIGKILL");
  await once(child, "exit");
  await cached("b", build);
  expect(readdirSync(cacheRoot())).toEqual(["b"]);
});

test("a process that got the id of a killed builder does not protect its folder, another machine's builder does", async () => {
  const own = `.a${await builderMark()}-x`;
  expect(await isAbandoned(own)).toBe(false);
  expect(await isAbandoned(own.replace(/-\d+-x$/, "-1-x"))).toBe(true);
  expect(await isAbandoned(own.replace(/builder-[0-9a-f]{8}/, "builder-00000000"))).toBe(false);
  expect(await isAbandoned(".a-x")).toBe(false);
});

test("a folder is removed whole", async () => {
  const folder = await cached("a", build);
  await removeCached(folder);
  expect(readdirSync(cacheRoot())).toEqual([]);
});

test("a relative XDG_CACHE_HOME is ignored, as its specification requires", () => {
  const kept = process.env["XDG_CACHE_HOME"];
  process.env["XDG_CACHE_HOME"] = "relative";
  expect(existsSync("relative")).toBe(false);
  expect(cacheRoot()).toMatch(/^\/.*\/\.cache\/ispyb-migrate$/);
  process.env["XDG_CACHE_HOME"] = kept;
});

test("an empty HOME does not bring the cache into the working folder", () => {
  const [cache, home] = [process.env["XDG_CACHE_HOME"], process.env["HOME"]];
  process.env["XDG_CACHE_HOME"] = "";
  process.env["HOME"] = "";
  try {
    expect(cacheRoot()).toMatch(/^\/.*\.cache\/ispyb-migrate$/);
  } finally {
    process.env["XDG_CACHE_HOME"] = cache;
    if (home === undefined) delete process.env["HOME"];
    else process.env["HOME"] = home;
  }
});
