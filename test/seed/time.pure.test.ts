import { expect, test } from "vitest";
import { readDate, readMoment, readTime } from "../../src/seed/story/time.ts";

test.each([
  ["at", "2026-03-01 12:00:00"],
  ["at - 2h 30min", "2026-03-01 09:30:00"],
  ["at-1d", "2026-02-28 12:00:00"],
  ["at + 1d 1h 1min 1s", "2026-03-02 13:01:01"],
  ["2026-01-31", "2026-01-31 00:00:00"],
  ["2026-01-31T18:30", "2026-01-31 18:30:00"],
  ["2024-02-29 23:59:59", "2024-02-29 23:59:59"],
  ["2026-02-29", undefined],
  ["2026-04-31 10:00:00", undefined],
])("%s", (text, expected) => {
  expect(readTime(text, "2026-03-01 12:00:00")).toBe(expected);
});

test.each(["", "at", "yesterday", "2026-13-01", "26-01-01", "2026-01-01 24:00:00", "2026-01-01x"])(
  "%j is no date",
  (text) => {
    expect(readDate(text)).toBeUndefined();
  },
);

test.each([
  // By the server's clock.
  ["2026-03-01", "2026-03-01 00:00:00"],
  ["2026-03-01 10:00", "2026-03-01 10:00:00"],
  ["2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"],
  ["2026-03-01T10:00:00.123z", "2026-03-01T10:00:00Z"],
  ["2026-03-01T10:00+01:00", "2026-03-01T09:00:00Z"],
  ["2026-03-01 00:30:00 -0330", "2026-03-01T04:00:00Z"],
  ["2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"],
  ["2026-02-30T10:00:00Z", undefined],
  ["2026-03-01Z", undefined],
  ["2026-03-01T10:00:00 CET", undefined],
  ["2026-03-01T10:00:00+15:00", undefined],
  ["2026-03-01T25:00:00Z", undefined],
  ["", undefined],
])("%j as a value of --at", (text, expected) => {
  expect(readMoment(text)).toBe(expected);
});
