import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { errorNumbers } from "../../src/db/error-numbers.ts";

/** The driver's own table, made from MySQL's. The package does not export it, so it is read as a file. */
const driver = createRequire(import.meta.url)("../../node_modules/mysql2/lib/constants/errors.js") as Record<
  string,
  number
>;

/** What MySQL's table does not know, and what the table of the newest one has at another number. */
const others = new Set([1927, 2006, 2013, 4080, 4151]);

test.each(Object.entries(errorNumbers))("%s", (name, numbers) => {
  for (const number of [numbers].flat()) {
    if (!others.has(number)) expect(driver[name]).toBe(number);
  }
});
