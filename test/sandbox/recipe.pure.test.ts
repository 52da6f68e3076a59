/** A template is never stale: whatever goes into it changes its key. */
import { appendFileSync, cpSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { ownMigrations } from "../../src/own-files.ts";
import { type Recipe, fingerprint } from "../../src/sandbox/recipe.ts";
import type { ServerBinary } from "../../src/server/binary.ts";
import { contentOfServer } from "../../src/server/sandbox-settings.ts";
import { readOwnStory } from "../../src/seed/story/source.ts";
import { temporaryFolder } from "../support/folder.ts";

const recipe: Recipe = { bases: ["official"], migrations: [], stories: [], at: "2026-01-01 12:00:00" };
const story = await readOwnStory("multi-sweep");
const keyOf = (change: Partial<Recipe> = {}, server: readonly string[] = ["mariadb", "10.11.19"]) =>
  fingerprint({ ...recipe, ...change }, server);
const usual = await keyOf();

test("the same content has the same key", async () => {
  expect(await keyOf({ stories: [] })).toBe(usual);
});

test.each<[string, Partial<Recipe>]>([
  ["another base", { bases: ["diamond"] }],
  ["one base more", { bases: ["official", "diamond"] }],
  ["a story", { stories: [story] }],
  ["another reference time", { at: "2026-01-01 12:00:01" }],
])("%s gives another key", async (_what, change) => {
  expect(await keyOf(change)).not.toBe(usual);
});

test("another text of a story gives another key, and so do two stories in another order", async () => {
  const [one, two] = [story, await readOwnStory("non-mx")];
  const keys = await Promise.all([
    keyOf({ stories: [one] }),
    keyOf({ stories: [{ ...one, text: `${one.text} ` }] }),
    keyOf({ stories: [one, two] }),
    keyOf({ stories: [two, one] }),
  ]);
  expect(new Set(keys).size).toBe(keys.length);
});

test("another version or another setting of the server gives another key", async () => {
  const binary = { vendor: "mariadb", version: "10.11.19" } as ServerBinary;
  const words = contentOfServer(binary);
  expect(words.filter((word) => word.startsWith("--")).length).toBeGreaterThan(5);
  const keys = await Promise.all([
    keyOf({}, words),
    keyOf({}, contentOfServer({ ...binary, version: "10.11.20" })),
    keyOf({}, contentOfServer({ ...binary, vendor: "mysql" })),
    ...words.map((_, at) => keyOf({}, words.with(at, `${words[at]}x`))),
  ]);
  expect(new Set(keys).size).toBe(keys.length);
});

describe("files", () => {
  test("another text of a base gives another key", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "dump.sql");
    writeFileSync(file, "CREATE TABLE a (id int);\n");
    const before = await keyOf({ bases: [file] });
    appendFileSync(file, "-- more\n");
    expect(await keyOf({ bases: [file] })).not.toBe(before);
  });

  test("another text or name of a facility's migration, a helper of it, and another name of its source give another key", async () => {
    await using folder = await temporaryFolder();
    mkdirSync(join(folder.path, "helpers"));
    const files = [
      "2026_01_01_a.sql",
      "2026_01_01_a.down.sql",
      "2026_01_02_b.ts",
      "2026_01_03_c.mjs",
      "helpers/own.ts",
    ];
    for (const file of files) writeFileSync(join(folder.path, file), "SELECT 1;\n");
    const key = (name = "dls") => keyOf({ migrations: [{ name, folder: folder.path }] });
    const keys = [usual, await key(), await key("mine")];
    for (const file of files) {
      appendFileSync(join(folder.path, file), "-- more\n");
      keys.push(await key());
    }
    renameSync(join(folder.path, "2026_01_01_a.sql"), join(folder.path, "2026_01_01_d.sql"));
    keys.push(await key());
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("another text or name of a migration, procedure or role gives another key", async () => {
    await using folder = await temporaryFolder();
    cpSync(ownMigrations, folder.path, { recursive: true });
    const key = () => fingerprint(recipe, ["mariadb", "10.11.19"], pathToFileURL(`${folder.path}/`));
    const keys = [await key()];
    expect(keys).toEqual([usual]);
    const migration = readdirSync(folder.path).find((name) => name.startsWith("20")) ?? "";
    const procedure = readdirSync(join(folder.path, "procedures"))[0] ?? "";
    for (const file of [migration, join("procedures", procedure), "grants/roles.json"]) {
      appendFileSync(join(folder.path, file), " ");
      keys.push(await key());
    }
    renameSync(join(folder.path, migration), join(folder.path, migration.replace(".ts", "_2.ts")));
    keys.push(await key());
    expect(new Set(keys).size).toBe(keys.length);
  });
});
