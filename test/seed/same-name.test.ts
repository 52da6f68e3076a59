/** Files of one name in different folders: never does one change the rows of another in silence. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runOn } from "../cli/run-cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type TestDatabase, onEveryServer } from "../support/servers.ts";
import { checksums } from "../support/upgrade.ts";
import { migrated, small } from "./seeding.ts";

const other = small.replaceAll("seed-small", "seed-other").replace("95001", "95009");
const edited = small.replace("endImage: 50", "endImage: 60");

/** Folders a and b, and a function that writes a story into one of them. */
async function twoFolders() {
  const folder = await temporaryFolder();
  for (const name of ["a", "b"]) await mkdir(join(folder.path, name));
  return {
    async write(file: string, text: string) {
      const path = join(folder.path, file);
      await writeFile(path, text);
      return path;
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const seedFiles = (db: TestDatabase, ...files: readonly string[]) =>
  runOn(db, ["seed", ...files.flatMap((file) => ["--file", file]), "--yes", "--json"]);

const storiesOf = ({ exit, stdout, stderr }: { exit: number; stdout: string; stderr: string }) => {
  expect(exit, stdout + stderr).toBe(0);
  return (JSON.parse(stdout) as { stories: readonly object[] }).stories;
};

onEveryServer("stories of one name", (lane) => {
  test("another file of this name is refused where it would change rows, and says what to do", async () => {
    await using db = await migrated(lane, "official");
    await using folder = await twoFolders();
    const first = await folder.write("a/one.yaml", small);
    const second = await folder.write("b/one.yaml", edited);
    expect(storiesOf(await seedFiles(db, first))).toMatchObject([{ story: "one", updated: 0 }]);
    const before = await checksums(db);
    for (const text of [edited, other, "title: Empty\n"]) {
      await folder.write("b/one.yaml", text);
      const refused = await seedFiles(db, second);
      expect(refused.exit, refused.stdout).toBe(4);
      expect(JSON.parse(refused.stdout)).toMatchObject({
        error: {
          code: "CONFLICT",
          found: [`the rows were written from ${first}`, `this file is ${second}`],
          wanted: ["the file that wrote these rows: a different file of this name would overwrite them"],
        },
      });
      expect(await checksums(db)).toEqual(before);
    }
    // The same content changes nothing, wherever it is; and the first file may still be edited.
    await folder.write("b/one.yaml", small);
    expect(storiesOf(await seedFiles(db, second))).toMatchObject([{ kept: 13, updated: 0 }]);
    await folder.write("a/one.yaml", edited);
    expect(storiesOf(await seedFiles(db, first))).toMatchObject([{ kept: 12, updated: 1 }]);
  });

  test("a story that says its name is known by it, in every place; the result says that it moved", async () => {
    await using db = await migrated(lane, "official");
    await using folder = await twoFolders();
    const first = await folder.write("a/one.yaml", small);
    expect(storiesOf(await seedFiles(db, first))).toMatchObject([{ story: "one" }]);
    const moved = await folder.write("b/whatever it is.yaml", `name: one\n${edited}`);
    const told = await runOn(db, ["seed", "--file", moved, "--quiet", "--yes"]);
    expect(told).toMatchObject({ exit: 0, stderr: "" });
    expect(told.stdout).toContain(`an earlier run wrote the rows of one, from ${first}`);
    // It is recorded: now the first file is the other one.
    expect((await seedFiles(db, first)).exit).toBe(4);
    const own = await folder.write("b/one.yaml", `name: two\n${other}`);
    expect(storiesOf(await seedFiles(db, own))).toMatchObject([{ story: "two", updated: 0, removed: 0 }]);
    for (const name of ["generate", "multi-sweep", "a b"]) {
      const refused = await seedFiles(db, await folder.write("b/x.yaml", `name: ${name}\n${other}`));
      expect(JSON.parse(refused.stdout), name).toMatchObject({ error: { code: "STORY_INVALID" } });
    }
  });

  test("after a removal nothing is left of the first file", async () => {
    await using db = await migrated(lane, "official");
    await using folder = await twoFolders();
    expect(storiesOf(await seedFiles(db, await folder.write("a/one.yaml", small)))).toHaveLength(1);
    expect(await runOn(db, ["seed", "remove", "one", "--yes"])).toMatchObject({ exit: 0 });
    expect(await db.query("SELECT COUNT(*) AS n FROM ispyb_migrate_seed")).toEqual([{ n: 0 }]);
    const again = await runOn(db, ["seed", "remove", "one", "--yes"]);
    expect(again.stderr).toMatch(/^error USAGE: no rows of story one are recorded in this database\n/);
    expect(storiesOf(await seedFiles(db, await folder.write("b/one.yaml", other)))).toMatchObject([{ story: "one" }]);
  });

  test("several files at once: each is a story, a file given twice is one, two of one name are refused", async () => {
    await using db = await migrated(lane, "official");
    await using folder = await twoFolders();
    const one = await folder.write("a/one.yaml", small);
    const two = await folder.write("a/two.yaml", other);
    const clash = await folder.write("b/one.yaml", other);
    const before = await checksums(db);
    const refused = await seedFiles(db, one, clash);
    expect(refused.exit).toBe(64);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { code: "STORY_INVALID", message: "two stories are named one", found: [one, clash] },
    });
    expect(await checksums(db)).toEqual(before);
    const done = await seedFiles(db, one, two, one);
    expect(storiesOf(done)).toMatchObject([{ story: "one" }, { story: "two" }]);
  });
});
