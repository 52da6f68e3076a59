import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { type TestDatabase, freshDatabase, lanes } from "../support/servers.ts";
import { targetOf } from "../support/upgrade.ts";
import { textOf } from "./restore.ts";

const program = new URL("save-program.ts", import.meta.url).pathname;

/** Saves these tables one after another in a process with a limit of bytes for a file. */
async function save(db: TestDatabase, folder: string, bytes: number, tables: readonly string[]) {
  const target = JSON.stringify(targetOf(db));
  const limited = `ulimit -f ${bytes / 512} && exec "$@"`;
  const words = ["-c", limited, "sh", process.execPath, program, target, folder, ...tables];
  const { stdout } = await promisify(execFile)("sh", words);
  return JSON.parse(stdout) as object;
}

// The disk is this machine's, so one server is enough.
const [lane] = lanes;

test.skipIf(lane === undefined)("a full disk destroys nothing, and leaves what was saved before", async () => {
  if (lane === undefined) return;
  await using db = await freshDatabase(lane, "empty");
  await using folder = await temporaryFolder();
  await db.query("CREATE TABLE Small (id int PRIMARY KEY)");
  await db.query("INSERT INTO Small VALUES (1), (2)");
  await db.query("CREATE TABLE Large (id int PRIMARY KEY, noise longtext)");
  const noise = Array.from({ length: 200 }, (_, at) => `SHA2('${at}', 512)`).join(", ");
  await db.query(`INSERT INTO Large VALUES (1, CONCAT(${noise})), (2, CONCAT(${noise}, 'x'))`);

  const failed = {
    error: "SAVE_FAILED",
    found: expect.stringContaining("EFBIG"),
    where: expect.stringContaining(folder.path),
  };
  // No file was left: none is named.
  expect(await save(db, folder.path, 8192, ["Large"])).toMatchObject({ saved: [], ...failed, where: folder.path });
  expect(await readdir(folder.path)).toEqual([]);

  const alone = await save(db, folder.path, 65_536, ["Small"]);
  expect(alone).toEqual({ saved: ["Small"] });
  expect(await save(db, folder.path, 8192, ["Small", "Large"])).toMatchObject({ saved: ["Small"], ...failed });
  const paths = (await readdir(folder.path)).map((name) => join(folder.path, name));
  expect(paths).toHaveLength(2);
  for (const path of paths)
    expect(await textOf(path)).toMatch(
      /-- 2 rows of Small\n[^]*\(2\);\n[^]*-- end of the file\nSELECT '[^']*' AS `not complete`;\n$/,
    );
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  expect(Math.max(...sizes)).toBeLessThan(8192);
});
