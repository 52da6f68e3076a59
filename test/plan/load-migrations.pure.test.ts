import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { checksum } from "../../src/steps/checksum.ts";
import { addColumn, column } from "../../src/steps/define.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "ispyb-migrate-load-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const load = () => loadMigrations(pathToFileURL(`${folder}/`));
const put = (name: string, content: string) => writeFileSync(join(folder, name), content);

const good = `export default { why: "w", upstream: [], steps: [{ kind: "addIndex", table: "T", index: { name: "i", kind: "plain", parts: [] } }] };`;

test("migrations are sorted by name: the file name without its extension", async () => {
  put("2024_01_02_second.js", good);
  put("2024_01_01_first.js", good);
  put("README.md", "no migration");
  put("2024_01_01_first.d.ts", "");
  expect((await load()).map((migration) => migration.name)).toEqual(["2024_01_01_first", "2024_01_02_second"]);
});

test.each([
  ["2024_1_2_short.js", good, /name is not YYYY_MM_DD/],
  ["2024_01_02_Upper.js", good, /name is not YYYY_MM_DD/],
  ["2024_01_02_empty.js", "export default {};", /no default export with why, upstream and steps/],
  ["2024_01_02_null.js", "export default { why: 'w', upstream: [], steps: [null] };", /kinds are createTable/],
  ["2024_01_02_strange.js", good.replace("addIndex", "dropEverything"), /kinds are createTable/],
])("%s is refused", async (name, content, words) => {
  put(name, content);
  await expect(load()).rejects.toMatchObject({ code: "CONFIGURATION" });
  const error = await load().catch((caught: { message: string; details: object }) => caught);
  expect(JSON.stringify(error)).toMatch(words);
});

test.each([
  [`{ kind: "addColumn", table: "T" }`, "step 1 (addColumn), column: not an object"],
  [
    `{ kind: "addColumn", table: "T", column: { name: "c", type: "INT(11)", nullable: true } }`,
    "step 1 (addColumn), column.type: write INT(11) as int",
  ],
  [`{ kind: "addIndex", index: {} }`, "step 1 (addIndex), table: not a text"],
  [
    `{ kind: "addIndex", table: "T", index: { name: "i", kind: "hash", parts: [] } }`,
    "index.kind: not one of primary, unique",
  ],
  [
    `{ kind: "createTable", table: "T", columns: [{ name: "c", type: "int" }], indexes: [], foreignKeys: [] }`,
    "step 1 (createTable), columns.1: nullable: neither true nor false",
  ],
])("a step that lacks a part is refused: %s", async (step, words) => {
  put("2024_01_02_part.js", `export default { why: "w", upstream: [], steps: [${step}] };`);
  await expect(load()).rejects.toMatchObject({
    code: "CONFIGURATION",
    details: { found: expect.stringContaining(words) },
  });
});

test("a duplicate name is refused", async () => {
  put("2024_01_02_twice.js", good);
  put("2024_01_02_twice.ts", good);
  await expect(load()).rejects.toMatchObject({ code: "CONFIGURATION" });
});

test("all migrations of the project load, each with its own checksum", async () => {
  const own = await loadMigrations();
  expect(own.length).toBeGreaterThan(0);
  expect(new Set(own.map((migration) => migration.checksum)).size).toBe(own.length);
});

test("a checksum covers what a migration does, not its wording", () => {
  const steps = (comment: string, type = "int unsigned") => [addColumn("T", column("c", type, { comment }))];
  expect(checksum(steps("one"))).toBe(checksum(steps("another")));
  expect(checksum(steps("one"))).not.toBe(checksum(steps("one", "int")));
  expect(checksum(steps("one"))).toMatch(/^steps-1:[0-9a-f]{64}$/);
});
