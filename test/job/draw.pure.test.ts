import stringWidth from "fast-string-width";
import { describe, expect, test } from "vitest";
import { installed } from "../../src/documents/caller.ts";
import { formatHint as formatFor } from "../../src/documents/format-hint.ts";
import type { Hint } from "../../src/hint.ts";
import type { Canvas } from "../../src/job/draw/canvas.ts";
import { drawSweeps } from "../../src/job/draw/terminal.ts";
import type { Job } from "../../src/job/job.ts";
import { dataCollection, exampleJob, faulty, many, one, overlapping, two } from "./example-jobs.ts";

const formatHint = (hint: Hint) => formatFor(hint, installed);

function draw(job: Job, width: number, blocks: boolean): string {
  return drawSweeps(job, { width, blocks, paint: (_style, text) => text }, formatHint).join("\n");
}

const pictures = { one, two, overlapping, faulty, "40": many(40) };

describe.each([80, 120])("in %i columns", (width) => {
  test.each(Object.entries(pictures))("%s", (_name, job) => {
    expect(draw(job, width, true)).toMatchSnapshot("blocks");
    expect(draw(job, width, false)).toMatchSnapshot("ASCII");
  });

  test("no line is longer, and each bar is as long as the others", () => {
    for (const job of Object.values(pictures)) {
      const lines = draw(job, width, false).split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      const bars = lines.slice(0, -1).flatMap((line) => /[-=.#]{8,}/.exec(line)?.[0].length ?? []);
      expect(new Set(bars).size).toBe(1);
    }
  });
});

test("ASCII is ASCII", () => {
  for (const job of Object.values(pictures)) expect(draw(job, 80, false)).toMatch(/^[\x20-\x7E\n]*$/);
});

test("colours take no room", () => {
  const paint: Canvas["paint"] = (style, text) => `<${style}>${text}</>`;
  const painted = drawSweeps(overlapping, { width: 80, blocks: true, paint }, formatHint);
  expect(painted.join("\n").replaceAll(/<\/?\w*>/g, "")).toBe(draw(overlapping, 80, true));
  expect(painted.join("\n")).toMatch(/<cyan>▆+<\/><magenta>█+<\/><cyan>▆+<\/>/);
});

test("a hundred are all drawn; more are reported as left out", () => {
  const rows = (picture: string) => picture.match(/^ {2}84\d{5} /gm)?.length;
  expect(rows(draw(many(100), 80, false))).toBe(100);
  expect(draw(many(100), 80, false)).not.toContain("--json");
  const picture = draw(many(5000), 80, false);
  expect(rows(picture)).toBe(100);
  expect(picture).toContain("5,000 sweeps over 5,000 data collections, 8,500,000 images\n");
  expect(picture).toContain("100 of 5,000 data collections drawn; `ispyb-migrate show 5 --json` has every sweep\n");
});

test("so are many ranges of one data collection, which are all in its bar", () => {
  const ranges = Array.from({ length: 5000 }, (_, at) => [4, 2 * at + 1, 2 * at + 1] as const);
  const picture = draw(exampleJob([dataCollection(4, 10_000)], ranges), 80, false);
  expect(picture).toMatch(/ 1 -+ 10000 {2}5,000 ranges\n/);
  expect(picture).toContain(
    "data collections with many ranges show only their number; `ispyb-migrate show 5 --json` has every sweep\n",
  );
});

test("a gap that is narrower than a character shows", () => {
  const job = exampleJob(
    [dataCollection(4)],
    [
      [4, 1, 600],
      [4, 602, 1100],
    ],
  );
  expect(draw(job, 80, false)).toMatch(/ =+-=+ /);
});

test("where one range ends and the next begins shows, once", () => {
  const touching = (count: number, middle: number) =>
    exampleJob(
      [dataCollection(4, count)],
      [
        [4, 1, middle],
        [4, middle + 1, count],
      ],
    );
  for (const job of [touching(1100, 500), touching(10, 5), touching(2, 1)])
    expect(draw(job, 80, false)).toMatch(/ =+\|=+ /);
});

test("control characters in a name do not reach the terminal, and a long name is visibly cut", () => {
  const named = (name: string) =>
    draw(exampleJob([{ ...dataCollection(4), sample: { id: 2, name } }], [[4, 1, 1100]]), 80, false);
  expect(named("\u001B[31mred\u009B2J\u202E")).toContain("\u{FFFD}[31mred\u{FFFD}2J (2)");
  expect(named("a sample whose name goes on and on")).toContain("a sample whose name g...  1 ");
});

test("bars stay below one another whatever a sample is called", () => {
  const names = ["李明の結晶その一", "👩‍🔬 crystal 🇩🇪", "e\u0301te\u0301", "plain", "結".repeat(40), "👩‍🔬".repeat(40)];
  const collections = names.map((name, at) => ({ ...dataCollection(at + 1), sample: { id: at, name } }));
  const job = exampleJob(
    collections,
    collections.map(({ id }) => [id, 1, 1100]),
  );
  const columnsBefore = draw(job, 80, true)
    .split("\n")
    .flatMap((line) => /^(.*)1 ▆/u.exec(line)?.[1] ?? [])
    .map((text) => stringWidth(text));
  expect(columnsBefore).toHaveLength(names.length);
  expect(new Set(columnsBefore).size).toBe(1);
});

test("nothing, where there are no sweeps", () => expect(draw(exampleJob([dataCollection(4)], []), 80, true)).toBe(""));
