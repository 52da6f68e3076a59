import { PassThrough } from "node:stream";
import { WriteStream } from "node:tty";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { canvasOf } from "../../src/cli/output.ts";

/** A terminal as far as Node asks: NO_COLOR and TERM are looked at by its own getColorDepth. */
function terminal(columns: number): NodeJS.WriteStream {
  const getColorDepth = () => WriteStream.prototype.getColorDepth();
  return Object.assign(new PassThrough(), { isTTY: true, columns, getColorDepth }) as unknown as NodeJS.WriteStream;
}

beforeEach(() => {
  for (const name of ["FORCE_COLOR", "NO_COLOR", "NODE_DISABLE_COLORS", "CI"]) vi.stubEnv(name, undefined);
  vi.stubEnv("TERM", "xterm-256color");
});
afterEach(() => vi.unstubAllEnvs());

const utf8 = { LANG: "en_GB.UTF-8" };

test("blocks in the colours of a terminal whose locale is UTF-8", () => {
  expect(canvasOf(terminal(100), utf8)).toMatchObject({ blocks: true, width: 100 });
  expect(canvasOf(terminal(100), { LANG: "C", LC_CTYPE: "C.utf8" }).blocks).toBe(true);
  expect(canvasOf(terminal(100), { LC_ALL: "C", LANG: "en_GB.UTF-8" }).blocks).toBe(false);
  expect(canvasOf(terminal(100), {}).blocks).toBe(false);
});

test("ASCII where nobody wants colours, and in a pipe", () => {
  expect(canvasOf(new PassThrough() as unknown as NodeJS.WriteStream, utf8)).toMatchObject({
    blocks: false,
    width: 80,
  });
  vi.stubEnv("NO_COLOR", "1");
  const canvas = canvasOf(terminal(100), utf8);
  expect(canvas.blocks).toBe(false);
  expect(canvas.paint("red", "x")).toBe("x");
});

test("from 80 columns on, and no further than the eye follows", () => {
  expect([40, 80, 120, 400].map((columns) => canvasOf(terminal(columns), utf8).width)).toEqual([80, 80, 120, 160]);
  const pipe = new PassThrough() as unknown as NodeJS.WriteStream;
  expect(["100", "", "wide", "1e9"].map((COLUMNS) => canvasOf(pipe, { COLUMNS }).width)).toEqual([100, 80, 80, 160]);
});
