import { expect, test } from "vitest";
import { mayWait, pauseAfter } from "../../src/run/lock-limits.ts";

test("a first lock is waited for at most a second", () => {
  const waits = [1, 2, 3, 4, 100].map((tried) => mayWait(tried, 0));
  expect(waits.every((wait) => wait <= 1_000)).toBe(true);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
});

test("the last lock of a build is waited for a tenth of its work, from 1 s to 10 s", () => {
  expect([1_000, 30_000, 3_600_000].map((work) => mayWait(1, work))).toEqual([1_000, 3_000, 10_000]);
});

test.for([300, 1_000, 10_000])(
  "others are stalled for a tenth of the time at most, after a wait of %i ms",
  (stalled) => {
    for (let turn = 0; turn < 100; turn++)
      expect(stalled / (stalled + pauseAfter(stalled, true))).toBeLessThanOrEqual(0.1 + Number.EPSILON);
  },
);
