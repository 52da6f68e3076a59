import { stripVTControlCharacters } from "node:util";
import stringWidth from "fast-string-width";
import { expect, test } from "vitest";
import { hanging, labelled } from "../../src/cli/views/labelled.ts";

const terminal = { width: 80, wraps: true };
const pipe = { width: 80, wraps: false };
const path = `/data/i04/${"mx90001-1/".repeat(9)}integrated.expt`;
const rows = [
  ["data", path],
  ["\u001B[2mcommand\u001B[22m", `${"xia2 ".repeat(20)}end`],
] as const;

test("no line is longer than the terminal, and no text is lost", () => {
  const lines = labelled(rows, 4, terminal);
  for (const line of lines) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(76);
  expect(lines).toHaveLength(4);
  expect(`${lines[0]?.slice(9)}${lines[1]?.trimStart()}`).toBe(path);
  expect(lines[3]).toMatch(/^ {9}xia2 .*end$/);
});

test("lines in a pipe are not wrapped", () => {
  expect(labelled(rows, 4, pipe)[0]).toBe(`data     ${path}`);
  expect(hanging([path], 2, pipe)).toEqual([path]);
});

test("long text continues below, indented", () => {
  const [first = "", second = ""] = hanging([path], 2, terminal);
  expect(first.length).toBe(74);
  expect(second).toMatch(/^ {4}\S/);
  expect(first + second.trimStart()).toBe(path);
});

test("a label of wide characters pushes no text beyond the width", () => {
  const lines = labelled([["試料", "結晶 ".repeat(40)]], 4, terminal);
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(76);
});
