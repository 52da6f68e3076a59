import type { DataCollection, Job, Sweep } from "../../src/job/job.ts";

type Range = readonly [dataCollectionId: number | null, startImage: number | null, endImage: number | null];

/** A data collection of `count` images from `start` on, of sample 1 where it is odd and 2 where it is even. */
export function dataCollection(id: number, count: number | null = 1100, start = 1): DataCollection {
  const sample = id % 2 === 1 ? { id: 1, name: "lys-1-a" } : { id: 2, name: "lys-1-b" };
  return { id, sample, images: count === null ? null : { start, end: start + count - 1 } };
}

function sweepsOf(ranges: readonly Range[]): Sweep[] {
  return ranges.map(([dataCollectionId, startImage, endImage], at) => ({
    id: at + 1,
    dataCollectionId,
    startImage,
    endImage,
  }));
}

/** A job on the first of its data collections, with these sweeps. */
export function exampleJob(
  dataCollections: readonly DataCollection[],
  ranges: readonly Range[],
  more: Partial<Job> = {},
): Job {
  return {
    id: 5,
    dataCollectionId: dataCollections[0]?.id ?? null,
    displayName: "xia2 DIALS",
    recipe: "xia2-dials",
    comments: null,
    automatic: false,
    submitted: "2026-02-03 14:00:00",
    status: "queued",
    visit: null,
    sweeps: sweepsOf(ranges),
    dataCollections,
    parameters: [],
    programs: [],
    parents: [],
    children: [],
    unseen: [],
    ...more,
  };
}

export const one = exampleJob([dataCollection(4)], [[4, 1, 1100]]);

/** All of a data collection of sample 2, and all of one of sample 1. */
export const two = exampleJob(
  [dataCollection(4), dataCollection(3)],
  [
    [4, 1, 1100],
    [3, 1, 1100],
  ],
);

export const overlapping = exampleJob(
  [dataCollection(3)],
  [
    [3, 1, 300],
    [3, 250, 600],
    [3, 900, 1000],
    [3, 950, 960],
  ],
);

/** Beyond both ends, an unknown number of images, no range at all, no data collection, a primary one without sweeps. */
export const faulty = exampleJob(
  [dataCollection(6), dataCollection(101, 200, 101), dataCollection(7, null), dataCollection(9, 3600)],
  [
    [101, 90, 180],
    [101, 250, 400],
    [7, 5, 50],
    [9, 1, 10],
    [9, 500, 20],
    [9, null, 30],
    [null, 7, 7],
  ],
);

/** Of as many data collections, in which some begin later than their first image. */
export function many(count: number): Job {
  const ids = Array.from({ length: count }, (_, at) => 8_472_700 + at);
  return exampleJob(
    ids.map((id) => dataCollection(id, 1800)),
    ids.map((id, at) => [id, 1 + (at % 5) * 50, 1800] as const),
  );
}
