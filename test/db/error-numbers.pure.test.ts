import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { errorNumbers } from "../../src/db/error-numbers.ts";
import { placeOf, sourceFiles, walk } from "../house/syntax.ts";

/** The driver's table of error numbers, generated from MySQL's. The package does not export it, so the file is read. */
const driver = createRequire(import.meta.url)("../../node_modules/mysql2/lib/constants/errors.js") as Record<
  string,
  number
>;

/** Names that MySQL's table does not have, or that the newest MySQL has under another number. */
const others = new Set([1927, 1932, 2006, 2013, 4080, 4119, 4151]);

test.each(Object.entries(errorNumbers))("%s", (name, numbers) => {
  for (const number of [numbers].flat()) {
    if (!others.has(number)) expect(driver[name]).toBe(number);
  }
});

const known = new Set<unknown>(Object.values(errorNumbers).flat());

/** Places of bare error numbers, in rooms that talk with a server. */
function bareNumbers(file: string, code: string): string[] {
  const places: string[] = [];
  walk(code, (node) => {
    if (node.type === "Literal" && known.has(node["value"])) places.push(placeOf(file, code, node));
  });
  return places;
}

test("only error-numbers.ts spells an error number; the other files use its name", () => {
  // Years of generated and example jobs are no error numbers.
  const files = sourceFiles().filter(([file]) => !/^src\/(?:db\/error-numbers|seed\/generate\/content\/)/.test(file));
  expect(files.flatMap(([file, code]) => bareNumbers(file, code))).toEqual([]);
});

test("a bare error number is noticed", () => {
  expect(bareNumbers("x.ts", "if (error.code === 1044) stop();")).toEqual(["x.ts:1"]);
});
