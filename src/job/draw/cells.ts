import { type Bar, bordersOf, imageCount } from "./bars.ts";

/**
 * How many of the images behind one character are selected. `more`: some of them more than once;
 * `border`: one range ends and the next begins.
 */
export type Cell = "none" | "some" | "all" | "more" | "border";

/** Distributes the images of a bar over a number of characters; a character may represent less than one image. */
export function cellsOf(bar: Bar, length: number): Cell[] {
  const { images, segments } = bar;
  if (images === null) return [];
  const count = imageCount(images);
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
