import { expect, test } from "vitest";
import { parseProduct } from "../../src/dialect/identify.ts";
import { isSupported, isTested, oldestSupported, productName } from "../../src/dialect/product.ts";

test.each([
  ["10.11.19-MariaDB-0+deb12u1", "Debian 12", "MariaDB 10.11.19"],
  ["5.5.5-10.6.12-MariaDB-log", "", "MariaDB 10.6.12"],
  ["11.8.6-MariaDB", "", "MariaDB 11.8.6"],
  ["10.11.4", "MariaDB Server behind a proxy", "MariaDB 10.11.4"],
  ["9.7.4", "MySQL Community Server - GPL", "MySQL 9.7.4"],
  ["8.0.36-0ubuntu0.22.04.1", "(Ubuntu)", "MySQL 8.0.36"],
  // From July 2026 on MySQL counts years and months.
  ["26.7", "MySQL Community Server", "MySQL 26.7.0"],
])("%s (%s) is %s", (version, comment, name) => {
  expect(productName(parseProduct(version, comment))).toBe(name);
});

test.each([
  ["10.5.0-MariaDB", true],
  ["10.4.34-MariaDB", false],
  ["8.0.11", true],
  ["5.7.44", false],
])("%s: supported %s", (version, expected) => {
  expect(isSupported(parseProduct(version, ""))).toBe(expected);
});

test("a series that was not tested is reported as such", () => {
  expect(isTested(parseProduct("10.11.2-MariaDB", ""))).toBe(true);
  expect(isTested(parseProduct("10.6.2-MariaDB", ""))).toBe(false);
  expect([oldestSupported("mariadb"), oldestSupported("mysql")]).toEqual(["MariaDB 10.5", "MySQL 8.0"]);
});

test("a text that is no version", () => {
  expect(() => parseProduct("unknown", "")).toThrow(/cannot be read/);
});
