/** Sweeps as lines of text: a bar for each data collection, from its own first image to its last. */
import type { Hint } from "../../hint.ts";
import { pad, shorten, widest } from "../../text-width.ts";
import { wrap } from "../../wrap.ts";
import type { Job } from "../job.ts";
import { type Bar, MOST_BARS, barsOf, isAfter, isBefore } from "./bars.ts";
import { type Canvas, glyphsOf, paintCells } from "./canvas.ts";
import { type Cell, cellsOf } from "./cells.ts";
import {
  formatDataCollection,
  formatFaults,
  formatOmission,
  formatSample,
  formatSelection,
  formatTotals,
  isShort,
} from "./format.ts";

const SHORTEST_BAR = 16;
const LONGEST_SAMPLE = 24;

const heads = { id: "data collection", sample: "sample" };

/** The drawing; empty if the job has no sweeps. */
export function drawSweeps(
  job: Pick<Job, "id" | "dataCollectionId" | "dataCollections" | "sweeps">,
  canvas: Canvas,
  formatHint: (hint: Hint) => string,
): string[] {
  const bars = barsOf(job);
  if (bars.length === 0) return [];
  const shown = bars.slice(0, MOST_BARS);
  const layout = layOut(shown, canvas);
  const rows = shown.map((bar) => ({ bar, cells: cellsOf(bar, layout.bar) }));
  const margin = " ".repeat(layout.first + 1 + Number(layout.before));
  const head = `  ${pad(heads.id, layout.id)}  ${pad(heads.sample, layout.sample)}  ${margin}images`;
  const omission = formatOmission(job, bars, shown, formatHint);
  return [
    formatTotals(job, bars),
    canvas.paint("dim", head),
    ...rows.flatMap(({ bar, cells }) => drawRow(bar, cells, layout, canvas)),
    ...(omission === undefined ? [] : [canvas.paint("yellow", `  ${omission}`)]),
    legend(rows, canvas),
  ];
}

// --- internal ---

/** Widths in characters. */
interface Layout {
  readonly id: number;
  readonly sample: number;
  readonly first: number;
  readonly bar: number;
  readonly last: number;
  /** Whether there is room for a mark on either side of a bar. */
  readonly before: boolean;
  readonly after: boolean;
}

function layOut(bars: readonly Bar[], canvas: Canvas): Layout {
  const id = widest([heads.id, ...bars.map(formatDataCollection)]);
  const sample = widest([heads.sample, ...bars.map((bar) => sampleCell(bar, canvas))]);
  const first = widest(bars.map(({ images }) => `${images?.start ?? ""}`));
  const last = widest(bars.map(({ images }) => `${images?.end ?? ""}`));
  const behind = widest(bars.map((bar) => formatSelection(bar, glyphsOf(canvas).dash)).filter(isShort));
  const [before, after] = [bars.some(isBefore), bars.some(isAfter)];
  const marks = Number(before) + Number(after);
  const used = 2 + id + 2 + sample + 2 + first + 1 + marks + 1 + last + (behind === 0 ? 0 : 2 + behind);
  return { id, sample, first, bar: Math.max(SHORTEST_BAR, canvas.width - used), last, before, after };
}

function drawRow(bar: Bar, cells: readonly Cell[], layout: Layout, canvas: Canvas): string[] {
  const { dash } = glyphsOf(canvas);
  const mark = (isMarked: boolean) => (isMarked ? canvas.paint("red", "!") : " ");
  const line = [
    `  ${pad(formatDataCollection(bar), layout.id)}  ${pad(sampleCell(bar, canvas), layout.sample)}  `,
    `${canvas.paint("dim", `${bar.images?.start ?? ""}`.padStart(layout.first))} `,
    layout.before ? mark(isBefore(bar)) : "",
    bar.images === null ? " ".repeat(layout.bar) : paintCells(cells, canvas),
    layout.after ? mark(isAfter(bar)) : "",
    ` ${canvas.paint("dim", `${bar.images?.end ?? ""}`.padEnd(layout.last))}`,
  ];
  const margin = " ".repeat(2 + layout.id + 2 + layout.sample + 2 + layout.first + 1 + Number(layout.before));
  const selection = formatSelection(bar, dash);
  const below = [
    ...(isShort(selection) ? [] : wrap(selection, canvas.width - margin.length)),
    ...formatFaults(bar, dash)
      .flatMap((fault) => wrap(fault, canvas.width - margin.length))
      .map((fault) => canvas.paint("red", fault)),
  ];
  return [line.join("") + (isShort(selection) ? `  ${selection}` : ""), ...below.map((text) => margin + text)];
}

const meanings: readonly (readonly [Cell, string])[] = [
  ["all", "selected"],
  ["some", "partly"],
  ["none", "not selected"],
  ["more", "selected more than once"],
  ["border", "next range"],
];

/** The legend: only the marks that occur in the drawing. */
function legend(rows: readonly { readonly bar: Bar; readonly cells: readonly Cell[] }[], canvas: Canvas): string {
  const met = new Set(rows.flatMap(({ cells }) => cells));
  const entries = [
    ...meanings.filter(([cell]) => met.has(cell)).map(([cell, words]) => `${paintCells([cell], canvas)} ${words}`),
    ...(rows.some(({ bar }) => bar.outside.length > 0) ? [`${canvas.paint("red", "!")} outside its images`] : []),
    ...(rows.some(({ bar }) => bar.isPrimary) ? ["* primary"] : []),
  ];
  return `  ${entries.join("   ")}`;
}

function sampleCell(bar: Bar, canvas: Canvas): string {
  return shorten(formatSample(bar), LONGEST_SAMPLE, glyphsOf(canvas).ellipsis);
}
