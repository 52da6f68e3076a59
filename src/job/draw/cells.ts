import { type Bar, bordersOf, countOf } from "./bars.ts";

/**
 * How much of the images behind one character is selected; `more`: some of them more than once;
 * `border`: one range ends, and the next begins.
 */
export type Cell = "none" | "some" | "all" | "more" | "border";

/** The images of a bar shared out among so many characters, of which one may also stand for less than an image. */
export function cellsOf(bar: Bar, length: number): Cell[] {
  const { images, segments } = bar;
  if (images === null) return [];
  const count = countOf(images);
  const borders = bordersOf(bar);
  const startOf = (at: number) => images.start + Math.floor((at * count) / length);
  return Array.from({ length }, (_, at) => {
    const start = startOf(at);
    const end = Math.max(start, startOf(at + 1) - 1);
    const here = segments.filter((segment) => segment.end >= start && segment.start <= end);
    if (here.length === 0) return "none";
    if (here.some(({ times }) => times > 1)) return "more";
    const isFirst = at === 0 || startOf(at - 1) < start;
    if (isFirst && borders.some((image) => image >= start && image <= end)) return "border";
    const selected = here.reduce((sum, each) => sum + Math.min(each.end, end) - Math.max(each.start, start) + 1, 0);
    return selected === end - start + 1 ? "all" : "some";
  });
}
