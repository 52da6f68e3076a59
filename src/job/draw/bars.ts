/** The sweeps of a job as bars, one for each data collection: what terminal.ts and svg.ts both draw. */
import type { DataCollection, ImageRange, Job, Sample, Sweep } from "../job.ts";

/** Maximum number of bars in a drawing; a line says how many are left out. */
export const MOST_BARS = 100;

/** Images that the same number of ranges select. */
export interface Segment extends ImageRange {
  readonly times: number;
}

export interface Bar {
  /** Null where a sweep names no data collection. */
  readonly dataCollectionId: number | null;
  readonly isPrimary: boolean;
  readonly sample: Sample | null;
  /** The length of the bar: the images of the data collection; if their number is unknown, the selected ones. */
  readonly images: ImageRange | null;
  readonly isCountKnown: boolean;
  /** The ranges as the rows have them, without the invalid ones. */
  readonly ranges: readonly ImageRange[];
  /** Selected images within `images`, in order, without overlaps; split where a range begins or ends. */
  readonly segments: readonly Segment[];
  /** The ranges that begin before the first image or end after the last. */
  readonly outside: readonly ImageRange[];
  /** Sweeps that lack an end, or end before they start. */
  readonly nonsense: readonly Sweep[];
}

/** Bars of a job: the primary data collection first, even without a sweep; the others in the order of their sweeps. */
export function barsOf(job: Pick<Job, "dataCollectionId" | "dataCollections" | "sweeps">): Bar[] {
  if (job.sweeps.length === 0) return [];
  const known = new Map(job.dataCollections.map((each) => [each.id, each]));
  const primary = job.dataCollectionId;
  const sweeps = Map.groupBy(job.sweeps, ({ dataCollectionId }) => dataCollectionId);
  const ids = new Set([...(primary === null ? [] : [primary]), ...sweeps.keys()]);
  return [...ids].map((id) => bar(id, id === null ? undefined : known.get(id), sweeps.get(id) ?? [], id === primary));
}

export function imageCount({ start, end }: ImageRange): number {
  return end - start + 1;
}

export function isBefore({ images, outside }: Bar): boolean {
  return images !== null && outside.some(({ start }) => start < images.start);
}

export function isAfter({ images, outside }: Bar): boolean {
  return images !== null && outside.some(({ end }) => end > images.end);
}

/** Whether some of its images are not selected; unknown, and so false, where their number is. */
export function isPartial({ images, isCountKnown, segments }: Bar): boolean {
  if (images === null || !isCountKnown) return false;
  return segments.reduce((sum, segment) => sum + imageCount(segment), 0) < imageCount(images);
}

/** First images of segments that follow directly on another range: drawn as one, they would look like one range. */
export function bordersOf({ segments }: Bar): number[] {
  const touching = segments.filter((segment, at) => {
    const before = segments[at - 1];
    return before?.end === segment.start - 1 && before.times === segment.times;
  });
  return touching.map(({ start }) => start);
}

// --- internal ---

function bar(id: number | null, known: DataCollection | undefined, sweeps: readonly Sweep[], isPrimary: boolean): Bar {
  const ranges = sweeps.map(rangeOf).filter((range) => range !== undefined);
  const images = known?.images ?? hull(ranges);
  const isCountKnown = known?.images !== undefined && known.images !== null;
  return {
    dataCollectionId: id,
    isPrimary: isPrimary && id !== null,
    sample: known?.sample ?? null,
    images,
    isCountKnown,
    ranges,
    segments: images === null ? [] : segmentsOf(ranges, images),
    outside: images === null ? [] : ranges.filter(({ start, end }) => start < images.start || end > images.end),
    nonsense: sweeps.filter((sweep) => rangeOf(sweep) === undefined),
  };
}

/** The range of a sweep; undefined if an end is missing, or if it ends before it starts. */
function rangeOf({ startImage, endImage }: Sweep): ImageRange | undefined {
  if (startImage === null || endImage === null || startImage > endImage) return undefined;
  return { start: startImage, end: endImage };
}

function hull(ranges: readonly ImageRange[]): ImageRange | null {
  if (ranges.length === 0) return null;
  // A loop, because a call takes only so many arguments.
  let { start, end } = ranges[0] ?? { start: 1, end: 1 };
  for (const range of ranges) {
    start = Math.min(start, range.start);
    end = Math.max(end, range.end);
  }
  return { start, end };
}

/** Walks over the ends of the ranges from left to right, and counts the open ranges. */
function segmentsOf(ranges: readonly ImageRange[], images: ImageRange): Segment[] {
  const changes = new Map<number, number>();
  const change = (at: number, by: number) => changes.set(at, (changes.get(at) ?? 0) + by);
  for (const { start, end } of ranges) {
    if (end < images.start || start > images.end) continue;
    change(Math.max(start, images.start), 1);
    change(Math.min(end, images.end) + 1, -1);
  }
  const segments: Segment[] = [];
  let times = 0;
  let from = 0;
  for (const [at, by] of [...changes].toSorted(([a], [b]) => a - b)) {
    if (times > 0) segments.push({ start: from, end: at - 1, times });
    times += by;
    from = at;
  }
  return segments;
}
