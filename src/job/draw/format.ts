/** Texts of bars and counts, for the terminal and the picture. */
import { type Hint, hint } from "../../hint.ts";
import { plural } from "../../plural.ts";
import type { ImageRange, Job } from "../job.ts";
import { type Bar, imageCount } from "./bars.ts";

/** More ranges of one data collection are only counted. */
const MOST_RANGES = 8;

/** "1–500", or "7" for a range of one image. */
export function formatRange({ start, end }: ImageRange, dash: string): string {
  return start === end ? `${start}` : `${start}${dash}${end}`;
}

/** "4", "4 *" for the primary one, or "none" where a sweep names no data collection. */
export function formatDataCollection({ dataCollectionId, isPrimary }: Bar): string {
  return dataCollectionId === null ? "none" : `${dataCollectionId}${isPrimary ? " *" : ""}`;
}

/** "lys-1-b (2)" */
export function formatSample({ sample }: Pick<Bar, "sample">): string {
  if (sample === null) return "";
  return sample.name === null ? `(${sample.id})` : `${printable(sample.name)} (${sample.id})`;
}

/** What is selected of the data collection: "all", "none", "1–500, 601–1100", "125 ranges". */
export function formatSelection({ ranges, images, isCountKnown }: Bar, dash: string): string {
  const [first] = ranges;
  if (first === undefined) return "none";
  if (isCountKnown && ranges.length === 1 && first.start === images?.start && first.end === images.end) return "all";
  const spelled = formatAll(
    ranges.map((range) => formatRange(range, dash)),
    "range",
  );
  return isCountKnown ? spelled : `${spelled} of ?`;
}

/** Whether a selection fits behind its bar; a longer one is printed below. */
export function isShort(selection: string): boolean {
  return selection.length <= 20;
}

/** What is wrong with the sweeps of a data collection. */
export function formatFaults({ outside, nonsense, images }: Bar, dash: string): string[] {
  const beyond = outside.map((range) => formatRange(range, dash));
  const wrong = nonsense.map(({ startImage, endImage }) => `${startImage ?? "NULL"} to ${endImage ?? "NULL"}`);
  return [
    ...(images === null || beyond.length === 0
      ? []
      : [`outside images ${formatRange(images, dash)}: ${formatAll(beyond, "range")}`]),
    ...(wrong.length === 0 ? [] : [`invalid sweep: ${formatAll(wrong, "sweep")}`]),
  ];
}

/** What the picture leaves out, and the command that shows it; undefined if it is complete. */
export function formatOmission(
  { id }: Pick<Job, "id">,
  bars: readonly Bar[],
  shown: readonly Bar[],
  formatHint: (hint: Hint) => string,
): string | undefined {
  const isCounted = shown.some(
    ({ ranges, outside, nonsense }) => Math.max(ranges.length, outside.length, nonsense.length) > MOST_RANGES,
  );
  if (bars.length === shown.length && !isCounted) return undefined;
  const what =
    bars.length === shown.length
      ? "data collections with many ranges show only their number"
      : `${shown.length.toLocaleString("en")} of ${plural(bars.length, "data collection")} drawn`;
  return `${what}; \`${formatHint(hint("show", { args: [`${id}`], options: { json: true } }))}\` has every sweep`;
}

/** "2 sweeps over 2 data collections, 2,200 images" */
export function formatTotals({ sweeps }: Pick<Job, "sweeps">, bars: readonly Bar[]): string {
  const selected = bars.flatMap(({ segments }) => segments).reduce((sum, segment) => sum + imageCount(segment), 0);
  const over = new Set(sweeps.map(({ dataCollectionId }) => dataCollectionId).filter((id) => id !== null)).size;
  return `${plural(sweeps.length, "sweep")} over ${plural(over, "data collection")}, ${plural(selected, "image")}`;
}

/**
 * Makes a value of the database printable: control characters would control the terminal, and half a surrogate pair
 * is not text. A line break becomes a space.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\p{Cc}/gu, "\u{FFFD}")
    .replaceAll(/[\u202A-\u202E\u2066-\u2069]/g, "");
}

// --- internal ---

function formatAll(texts: readonly string[], one: string): string {
  return texts.length > MOST_RANGES ? plural(texts.length, one) : texts.join(", ");
}
