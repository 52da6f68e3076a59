import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { errorNumbers } from "../../src/db/error-numbers.ts";

/** The driver's table of error numbers, generated from MySQL's. The package does not export it, so the file is read. */
const driver = createRequire(import.meta.url)("../../node_modules/mysql2/lib/constants/errors.js") as Record<
  string,
  number
>;

/** Names that MySQL's table does not have, or that the newest MySQL has under another number. */
const others = new Set([1927, 2006, 2013, 4080, 4151]);

test.each(Object.entries(errorNumbers))("%s", (name, numbers) => {
  for (const number of [numbers].flat()) {
    if (!others.has(number)) expect(driver[name]).toBe(number);
  }
});
