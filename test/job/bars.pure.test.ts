import fc from "fast-check";
import { expect, test } from "vitest";
import { type Segment, barsOf, bordersOf } from "../../src/job/draw/bars.ts";
import { chance } from "../support/proof.ts";
import { dataCollection, exampleJob, faulty, one, overlapping, two } from "./example-jobs.ts";

test("a bar for each data collection, with its sample", () => {
  expect(barsOf(two)).toMatchObject([
    { dataCollectionId: 4, isPrimary: true, sample: { id: 2, name: "lys-1-b" }, images: { start: 1, end: 1100 } },
    { dataCollectionId: 3, isPrimary: false, sample: { id: 1, name: "lys-1-a" }, images: { start: 1, end: 1100 } },
  ]);
});

test("both ends of a range belong to it", () => {
  expect(barsOf(one)[0]?.segments).toEqual([{ start: 1, end: 1100, times: 1 }]);
});

test("images in two ranges are selected twice", () => {
  expect(barsOf(overlapping)[0]?.segments).toEqual([
    { start: 1, end: 249, times: 1 },
    { start: 250, end: 300, times: 2 },
    { start: 301, end: 600, times: 1 },
    { start: 900, end: 949, times: 1 },
    { start: 950, end: 960, times: 2 },
    { start: 961, end: 1000, times: 1 },
  ]);
});

test("ranges that touch stay two", () => {
  const job = exampleJob(
    [dataCollection(4)],
    [
      [4, 1, 270],
      [4, 271, 360],
      [4, 500, 600],
    ],
  );
  const [bar] = barsOf(job);
  expect(bar?.segments.map(({ start, end }) => [start, end])).toEqual([
    [1, 270],
    [271, 360],
    [500, 600],
  ]);
  expect(bar && bordersOf(bar)).toEqual([271]);
});

test("what cannot be drawn to scale is named", () => {
  const [primary, beyond, unknown, nonsense, nowhere] = barsOf(faulty);
  expect(primary).toMatchObject({ dataCollectionId: 6, isPrimary: true, segments: [] });
  expect(beyond?.outside).toEqual([
    { start: 90, end: 180 },
    { start: 250, end: 400 },
  ]);
  expect(beyond?.segments).toEqual([
    { start: 101, end: 180, times: 1 },
    { start: 250, end: 300, times: 1 },
  ]);
  expect(unknown).toMatchObject({ isCountKnown: false, images: { start: 5, end: 50 }, outside: [] });
  expect(nonsense?.nonsense.map(({ startImage, endImage }) => [startImage, endImage])).toEqual([
    [500, 20],
    [null, 30],
  ]);
  expect(nowhere).toMatchObject({ dataCollectionId: null, isPrimary: false, sample: null, isCountKnown: false });
});

test("a job without sweeps has no bars, though it has a data collection", () => {
  expect(barsOf(exampleJob([dataCollection(6)], []))).toEqual([]);
});

test("every image is counted as often as ranges hold it", () => {
  const image = fc.integer({ min: 0, max: 30 });
  const ranges = fc.array(fc.tuple(image, image), { maxLength: 8 });
  fc.assert(
    fc.property(ranges, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5 }), (wanted, count, start) => {
      const job = exampleJob(
        [dataCollection(1, count, start)],
        [[2, 1, 1], ...wanted.map(([from, to]) => [1, from, to] as const)],
      );
      const times = Array.from({ length: 40 }, (_, at) => wanted.filter(([from, to]) => from <= at && at <= to).length);
      const within = times.map((number, at) => (at >= start && at < start + count ? number : 0));
      expect(spread(barsOf(job)[0]?.segments ?? [])).toEqual(within);
    }),
    chance(1_000),
  );
});

function spread(segments: readonly Segment[]): number[] {
  return Array.from({ length: 40 }, (_, at) => {
    const here = segments.filter(({ start, end }) => start <= at && at <= end);
    expect(here.length).toBeLessThan(2);
    return here[0]?.times ?? 0;
  });
}
