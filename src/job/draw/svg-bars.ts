import { shorten, widest } from "../../text-width.ts";
import type { ImageRange } from "../job.ts";
import { type Bar, bordersOf, imageCount, isAfter, isBefore, isPartial } from "./bars.ts";
import { formatDataCollection, formatFaults, formatRange, formatSample, formatSelection, isShort } from "./format.ts";
import { CHARACTER, EDGE, LINE, WIDTH, element, label } from "./svg-parts.ts";

const HEIGHT = 14;
const GAP = 8;
/** A line below a bar. */
const NOTE = 16;
/** Width of the mark for a range that leaves its data collection; it is not to scale. */
const MARK = 10;
/** Minimum width, so that a single image among thousands is visible. */
const THINNEST = 1.5;
const LONGEST_SAMPLE = 30;

const heads = { id: "data collection", sample: "sample" };

/** Where the columns begin, and how long a bar is. */
interface Layout {
  readonly sample: number;
  readonly bar: number;
  readonly width: number;
  readonly behind: number;
  /** Reference to the pattern for images that are selected more than once. */
  readonly hatch: string;
}

/** The bars from `top` on, with their legend. Names within the picture begin with `id`. */
export function drawBars(bars: readonly Bar[], top: number, id: string): { svg: string; height: number } {
  const layout = layOut(bars, `url(#${id}-hatch)`);
  const parts = [
    `<defs><pattern id="${id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern></defs>`,
    label(EDGE, top + HEIGHT - 3, heads.id, "muted"),
    label(layout.sample, top + HEIGHT - 3, heads.sample, "muted"),
    label(layout.bar, top + HEIGHT - 3, "images", "muted"),
  ];
  let y = top + LINE;
  for (const bar of bars) {
    const { svg, height } = drawRow(bar, y, layout);
    parts.push(svg);
    y += height;
  }
  parts.push(drawLegend(bars, y + LINE, layout.hatch));
  return { svg: parts.join("\n"), height: y + LINE + GAP - top };
}

// --- internal ---

function layOut(bars: readonly Bar[], hatch: string): Layout {
  const room = (texts: readonly string[]) => widest(texts) * CHARACTER;
  const before = bars.some(isBefore) ? MARK : 0;
  const after = bars.some(isAfter) ? MARK : 0;
  const sample = EDGE + room([heads.id, ...bars.map(formatDataCollection)]) + 2 * CHARACTER;
  const first = sample + room([heads.sample, ...bars.map(sampleOf)]) + 2 * CHARACTER;
  const bar = first + room(bars.map(({ images }) => `${images?.start ?? ""}`)) + CHARACTER + before;
  const last = room(bars.map(({ images }) => `${images?.end ?? ""}`));
  const behind = WIDTH - EDGE - room(bars.map(selectionOf).filter(isShort));
  return { sample, bar, width: behind - 2 * CHARACTER - last - CHARACTER - after - bar, behind, hatch };
}

function drawRow(bar: Bar, y: number, layout: Layout): { svg: string; height: number } {
  const baseline = y + HEIGHT - 3;
  const selection = selectionOf(bar);
  const notes = [
    ...(isShort(selection) ? [] : [[selection, "muted"] as const]),
    ...formatFaults(bar, "–").map((fault) => [fault, "bad"] as const),
  ];
  const room = Math.floor((WIDTH - EDGE - layout.bar) / CHARACTER);
  const parts = [
    label(EDGE, baseline, formatDataCollection(bar), "text"),
    label(layout.sample, baseline, sampleOf(bar), "text"),
    ...(bar.images === null ? [] : drawImages(bar, bar.images, y, layout)),
    ...(isShort(selection) ? [label(layout.behind, baseline, selection, "text")] : []),
    ...notes.map(([text, style], at) =>
      label(layout.bar, y + HEIGHT + (at + 1) * NOTE - 2, shorten(text, room, "…"), style),
    ),
  ];
  return { svg: parts.join("\n"), height: HEIGHT + GAP + notes.length * NOTE };
}

/** The axis with its first and last image, and the selected ranges on it. */
function drawImages(bar: Bar, images: ImageRange, y: number, layout: Layout): string[] {
  const baseline = y + HEIGHT - 3;
  const end = layout.bar + layout.width;
  const [before, after] = [isBefore(bar), isAfter(bar)];
  const track = {
    class: bar.isCountKnown ? "track" : "track open",
    x: layout.bar,
    y,
    width: layout.width,
    height: HEIGHT,
  };
  return [
    label(layout.bar - CHARACTER - (before ? MARK : 0), baseline, `${images.start}`, "muted", "end"),
    element("rect", track),
    ...bar.segments.flatMap((segment) => {
      const width = (layout.width * imageCount(segment)) / imageCount(images);
      const place = {
        x: layout.bar + (layout.width * (segment.start - images.start)) / imageCount(images),
        y: bar.isCountKnown ? y : y + 3,
        width: Math.max(THINNEST, width),
        height: bar.isCountKnown ? HEIGHT : HEIGHT - 6,
      };
      const times = segment.times === 1 ? "" : `, ${segment.times} times`;
      const title = element("title", {}, `images ${formatRange(segment, "–")}${times}`);
      return segment.times === 1
        ? [element("rect", { class: "once", ...place }, title)]
        : [element("rect", { class: "more", ...place }), element("rect", { fill: layout.hatch, ...place }, title)];
    }),
    ...bordersOf(bar).map((image) => {
      const x = layout.bar + (layout.width * (image - images.start)) / imageCount(images);
      return element("rect", { class: "page", x: x - 0.75, y, width: 1.5, height: HEIGHT });
    }),
    ...(before ? [drawMark(layout.bar - 2, y, -1)] : []),
    ...(after ? [drawMark(end + 2, y, 1)] : []),
    label(end + CHARACTER + (after ? MARK : 0), baseline, `${images.end}`, "muted"),
  ];
}

/** An arrow head that points out of the bar. */
function drawMark(x: number, y: number, direction: 1 | -1): string {
  const tip = direction * (MARK - 2);
  return element("path", { class: "bad", d: `M${Math.round(x)} ${y}l${tip} ${HEIGHT / 2}l${-tip} ${HEIGHT / 2}z` });
}

/** The legend: only the marks that occur in the picture. */
function drawLegend(bars: readonly Bar[], baseline: number, hatch: string): string {
  const segments = bars.flatMap((each) => each.segments);
  const entries: (readonly [style: string, words: string])[] = [
    ...(segments.some(({ times }) => times === 1) ? [["once", "selected"] as const] : []),
    ...(bars.some(isPartial) ? [["track", "not selected"] as const] : []),
    ...(segments.some(({ times }) => times > 1) ? [["more", "selected more than once"] as const] : []),
    ...(bars.some(({ isCountKnown }) => !isCountKnown) ? [["track open", "number of images unknown"] as const] : []),
    ...(bars.some(({ outside }) => outside.length > 0) ? [["bad", "outside its images"] as const] : []),
  ];
  const primary = bars.some(({ isPrimary }) => isPrimary) ? "* primary" : "";
  let x = EDGE + CHARACTER * (primary === "" ? 0 : primary.length + 3);
  const parts = entries.flatMap(([style, words]) => {
    const box = { x, y: baseline - 10, width: 14, height: 12 };
    x += 14 + CHARACTER * (words.length + 4);
    return [
      style === "bad" ? drawMark(box.x, box.y - 1, 1) : element("rect", { class: style, ...box }),
      ...(style === "more" ? [element("rect", { fill: hatch, ...box })] : []),
      label(box.x + 14 + CHARACTER, baseline, words, "muted"),
    ];
  });
  return [label(EDGE, baseline, primary, "muted"), ...parts].join("\n");
}

function selectionOf(bar: Bar): string {
  return formatSelection(bar, "–");
}

function sampleOf(bar: Bar): string {
  return shorten(formatSample(bar), LONGEST_SAMPLE, "…");
}
