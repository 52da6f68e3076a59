/** What a sandbox is not started with: the error names the object and the remedy, and nothing is left over. */
import { mkdir, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cacheRoot } from "../../src/server/cache-root.ts";
import { temporaryFolder } from "../support/folder.ts";
import { spawnSandbox } from "./spawn-sandbox.ts";

const SERVER = ["--server", "mariadb-10.11"];

/** A cache with the programs of the usual one. */
async function cacheIn(folder: string): Promise<string> {
  const cache = join(folder, "ispyb-migrate");
  await mkdir(cache);
  for (const name of ["package", "data"]) await symlink(join(cacheRoot(), name), join(cache, name));
  return cache;
}

test.each(["0", "-1", "1.5", "1000", "four"])("--workers %s", async (workers) => {
  const { exit, stderr } = await spawnSandbox(["--workers", workers, "--", "true"]).ended;
  expect(exit).toBe(64);
  expect(stderr).toContain("wanted  a number from 1 to 256");
});

test("a story that does not exist: the next command takes a file, and works without a database", async () => {
  const { exit, stderr } = await spawnSandbox(["multi-swep", "--", "true"]).ended;
  expect(exit).toBe(64);
  expect(stderr).toContain("error USAGE: there is no story multi-swep; did you mean multi-sweep?");
  expect(stderr).toMatch(/ sandbox \.\/STORY\.yaml +# a story of your own/);
  expect((await spawnSandbox(["--at", "yesterday", "--", "true"]).ended).stderr).toContain(" sandbox --help");
});

test("a template that is missing, is no archive, or is cut off", async () => {
  await using folder = await temporaryFolder();
  const cache = await cacheIn(folder.path);
  const file = join(folder.path, "template.tar.gz");
  const refused = async () => {
    const ended = await spawnSandbox([...SERVER, "--template", file, "--", "true"], { XDG_CACHE_HOME: folder.path })
      .ended;
    expect(ended.exit).toBe(78);
    expect(ended.stderr).toMatch(
      new RegExp(`error CONFIGURATION: this is not a packed template\\n +where +${file}\\n`),
    );
    expect(ended.stderr).toMatch(/done +no server was started/);
    expect(await readdir(cache, { recursive: true })).not.toContainEqual(expect.stringMatching(/^template\/./));
    return ended.stderr;
  };
  expect(await refused()).toContain("no such file");
  await writeFile(file, "a text");
  expect(await refused()).toContain("not in gzip format");
  const packed = await spawnSandbox(["pack", file, ...SERVER], { XDG_CACHE_HOME: folder.path }).ended;
  expect(packed, packed.stderr).toMatchObject({ exit: 0 });
  const mistyped = await spawnSandbox([...SERVER, "--template", `${file}x`, "--", "true"], {
    XDG_CACHE_HOME: folder.path,
  }).ended;
  expect([mistyped.exit, mistyped.stderr], "the cache has the template").toEqual([
    78,
    expect.stringContaining(`${file}x`),
  ]);
  await truncate(file, 100_000);
  for (const name of await readdir(join(cache, "template"))) {
    await rm(join(cache, "template", name), { recursive: true });
  }
  expect(await refused()).toContain("Unexpected EOF");
});

test("a cache that cannot hold a template", async () => {
  await using folder = await temporaryFolder();
  const cache = await cacheIn(folder.path);
  await writeFile(join(cache, "template"), "");
  const { exit, stderr } = await spawnSandbox([...SERVER, "--", "true"], { XDG_CACHE_HOME: folder.path }).ended;
  expect(exit).toBe(78);
  expect(stderr).toContain(`error CONFIGURATION: the cache folder ${cache} cannot be used`);
  expect(stderr).toContain("or set XDG_CACHE_HOME to another folder");
});
