import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { markUsed, pruneTemplates } from "../../src/sandbox/prune.ts";
import { temporaryFolder } from "../support/folder.ts";

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
const now = Date.now();
const unwanted = (line: string) => expect.fail(line);

/** A template of about 100 kB on the disk that was last used this long ago. */
function template(parent: string, name: string, age: number): void {
  mkdirSync(join(parent, name, "data"), { recursive: true });
  writeFileSync(join(parent, name, "data", "ibdata1"), Buffer.alloc(100_000, 1));
  const used = new Date(now - age);
  utimesSync(join(parent, name), used, used);
}

test("what was not used for 30 days is removed", async () => {
  await using folder = await temporaryFolder();
  template(folder.path, "old", 31 * DAY);
  template(folder.path, "young", 29 * DAY);
  await pruneTemplates(folder.path, unwanted, { now });
  expect(readdirSync(folder.path)).toEqual(["young"]);
});

test("the longest unused go until the others are small enough", async () => {
  await using folder = await temporaryFolder();
  for (const [name, age] of [
    ["a", 2 * DAY],
    ["b", 5 * DAY],
    ["c", 3 * DAY],
    ["d", 4 * DAY],
  ] as const) {
    template(folder.path, name, age);
  }
  await pruneTemplates(folder.path, unwanted, { most: 250_000, now });
  expect(readdirSync(folder.path)).toEqual(["a", "c"]);
});

test("what may be being copied stays, and so does what is being built", async () => {
  await using folder = await temporaryFolder();
  template(folder.path, "copied", HOUR / 2);
  template(folder.path, ".built.builder-x", 40 * DAY);
  await pruneTemplates(folder.path, unwanted, { most: 0, now });
  expect(readdirSync(folder.path)).toEqual([".built.builder-x", "copied"]);
});

test("a use is a mark: the template counts as new", async () => {
  await using folder = await temporaryFolder();
  template(folder.path, "used", 40 * DAY);
  await markUsed(join(folder.path, "used"));
  expect(Date.now() - statSync(join(folder.path, "used")).mtimeMs).toBeLessThan(HOUR);
  await pruneTemplates(folder.path, unwanted, { now });
  expect(readdirSync(folder.path)).toEqual(["used"]);
});
