import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { canvasOf } from "../../src/cli/output.ts";

function terminal(columns: number) {
  return Object.assign(new PassThrough(), { isTTY: true, columns });
}

const utf8 = { TERM: "xterm-256color", LANG: "en_GB.UTF-8" };

test("blocks in the colours of a terminal whose locale is UTF-8", () => {
  expect(canvasOf(terminal(100), utf8)).toMatchObject({ blocks: true, width: 100 });
  expect(canvasOf(terminal(100), { ...utf8, LANG: "C", LC_CTYPE: "C.utf8" }).blocks).toBe(true);
  expect(canvasOf(terminal(100), { ...utf8, LC_ALL: "C" }).blocks).toBe(false);
  expect(canvasOf(terminal(100), { TERM: "xterm-256color" }).blocks).toBe(false);
});

test("ASCII without colours, and in a pipe", () => {
  expect(canvasOf(new PassThrough(), utf8)).toMatchObject({
    blocks: false,
    width: 80,
  });
  const canvas = canvasOf(terminal(100), { ...utf8, NO_COLOR: "1" });
  expect(canvas.blocks).toBe(false);
  expect(canvas.paint("red", "x")).toBe("x");
});

test("FORCE_COLOR colours a pipe, and wins over a terminal", () => {
  expect(canvasOf(new PassThrough(), { ...utf8, FORCE_COLOR: "1" }).blocks).toBe(true);
  expect(canvasOf(terminal(100), { ...utf8, FORCE_COLOR: "0" }).paint("red", "x")).toBe("x");
});

test("the width starts at 80 columns and has a limit", () => {
  expect([40, 80, 120, 400].map((columns) => canvasOf(terminal(columns), utf8).width)).toEqual([80, 80, 120, 160]);
  const pipe = new PassThrough();
  expect(["100", "", "wide", "1e9"].map((COLUMNS) => canvasOf(pipe, { COLUMNS }).width)).toEqual([100, 80, 80, 160]);
});
