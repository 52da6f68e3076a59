import { expect, test } from "vitest";
import { shortenStatement } from "../src/shorten-statement.ts";

test("a statement becomes one line, and a long one its beginning", () => {
  expect(shortenStatement("\nSELECT 1\n  FROM dual ")).toBe("SELECT 1 FROM dual");
  expect(shortenStatement("x".repeat(160))).toBe("x".repeat(160));
  expect(shortenStatement(`DO ${"1 + ".repeat(1_000_000)}1`)).toMatch(/^DO 1 \+ .{0,160} …$/);
});

test("no character is cut in half", () => {
  expect(shortenStatement(`${"x".repeat(159)}😀yz`)).toBe(`${"x".repeat(159)} …`);
});
