import { expect, test } from "vitest";
import { type Dialect, dialectOf } from "../../src/dialect/dialect.ts";
import { identify, parseProduct } from "../../src/dialect/identify.ts";
import { isPartialVariable, whereKnown } from "../../src/dialect/variables.ts";

const dialect = (version: string): Dialect => dialectOf(parseProduct(version, ""));

test("both vendors answer every question", () => {
  const [mariadb, mysql] = [dialect("11.8.6-MariaDB"), dialect("9.7.4")];
  for (const part of ["can", "names"] as const) {
    expect(Object.keys(mariadb[part]).length).toBeGreaterThan(10);
    expect(Object.keys(mysql[part])).toEqual(Object.keys(mariadb[part]));
    expect(Object.values({ ...mariadb[part], ...mysql[part] })).not.toContain(undefined);
  }
});

/** The last version without the capability, and the first with it. */
test.each<[what: string, before: string, from: string, ask: (server: Dialect) => unknown, was: unknown, is: unknown]>([
  ["alter_algorithm", "11.4.9-MariaDB", "11.5.0-MariaDB", ({ can }) => can.alterAlgorithmWins, true, false],
  ["functional indexes", "8.0.12", "8.0.13", ({ can }) => can.functionalIndexes, false, true],
  ["IF NOT EXISTS", "8.0.28", "8.0.29", ({ can }) => can.createProcedureIfNotExists, false, true],
  ["PREPARE", "10.6.12-MariaDB", "10.11.0-MariaDB", ({ can }) => can.prepareReplaceProcedure, false, true],
  [
    "definers",
    "8.1.0",
    "8.2.0",
    ({ names }) => names.setDefiner,
    ["SET_USER_ID", "SUPER"],
    ["SET_ANY_DEFINER", "SET_USER_ID", "SUPER"],
  ],
])("%s changes from %s to %s", (_, before, from, ask, was, is) => {
  expect([ask(dialect(before)), ask(dialect(from))]).toEqual([was, is]);
});

test("a dialect has a product name for messages, and exposes neither vendor nor version", () => {
  const { can, names, ...rest } = dialect("5.5.5-10.11.19-MariaDB-log");
  expect([typeof can, typeof names]).toEqual(["object", "object"]);
  expect(rest).toEqual({ product: "MariaDB 10.11.19", isTested: true });
});

test("identify refuses an old server, and one without a readable version", () => {
  const old = { version: "5.7.44", comment: "MySQL Community Server" };
  expect(() => identify(old)).toThrow("MySQL 5.7.44 is too old");
  expect(() => identify({ version: "undefined", comment: "" })).toThrow(/cannot be read/);
});

test("a variable of only some servers is written so that the others skip it", () => {
  expect(whereKnown("max_statement_time", ", max_statement_time = 0")).toBe("/*M! , max_statement_time = 0 */");
  expect(whereKnown("partial_revokes", "+ 1")).toBe("/*!80016 + 1 */");
  expect([isPartialVariable("max_execution_time"), isPartialVariable("sql_mode")]).toEqual([true, false]);
});
