/** A job as lines of text, its sweeps drawn to one scale. */
import type { Job, Sweep } from "./read.ts";

/** Characters from the first to the last image of the longest data collection. */
const WIDTH = 44;

export function drawJob(job: Job): string {
  const lines = [headline(job)];
  if (job.comments !== null) lines.push(`  “${job.comments}”`);
  lines.push(...drawSweeps(job), ...drawParameters(job), ...drawPrograms(job));
  return lines.join("\n");
}

function headline(job: Job): string {
  const origin = job.automatic === null ? "" : job.automatic ? ", automatic" : ", asked for by a user";
  return `job ${job.id}: ${job.displayName ?? "unnamed"} (recipe ${job.recipe ?? "none"}${origin}), ${job.submitted} UTC`;
}

function drawSweeps(job: Job): string[] {
  if (job.sweeps.length === 0)
    return ["", `  no sweeps${job.dataCollectionId === null ? "" : `; data collection ${job.dataCollectionId}`}`];
  const names = job.sweeps.map(
    (sweep) => `${sweep.dataCollectionId}${sweep.dataCollectionId === job.dataCollectionId ? " (primary)" : ""}`,
  );
  const samples = job.sweeps.map((sweep) => sweep.sample ?? "");
  const widths = [column("data collection", names), column("sample", samples)] as const;
  const last = Math.max(...job.sweeps.map((sweep) => Math.max(sweep.endImage, sweep.available?.end ?? 0)));
  const rows = job.sweeps.map(
    (sweep, at) =>
      `  ${(names[at] ?? "").padEnd(widths[0])}  ${(samples[at] ?? "").padEnd(widths[1])}  ${bar(sweep, last)}  ${range(sweep)}`,
  );
  return ["", `  ${"data collection".padEnd(widths[0])}  ${"sample".padEnd(widths[1])}  images 1–${last}`, ...rows];
}

function column(head: string, cells: readonly string[]): number {
  return Math.max(head.length, ...cells.map((cell) => cell.length));
}

/** Full where the sweep is, light where the data collection has images that it leaves out, blank elsewhere. */
function bar(sweep: Sweep, last: number): string {
  const available = sweep.available ?? { start: sweep.startImage, end: sweep.endImage };
  return Array.from({ length: WIDTH }, (_, at) => {
    // Each character stands for a stretch of images, and shows the most that is true of any of them.
    const from = Math.floor((at * last) / WIDTH) + 1;
    const to = Math.max(from, Math.floor(((at + 1) * last) / WIDTH));
    if (to >= sweep.startImage && from <= sweep.endImage) return "█";
    return to >= available.start && from <= available.end ? "░" : " ";
  }).join("");
}

function range(sweep: Sweep): string {
  const all = sweep.available;
  const part =
    all !== undefined && (all.start !== sweep.startImage || all.end !== sweep.endImage)
      ? ` of ${all.start}–${all.end}`
      : "";
  return `${sweep.startImage}–${sweep.endImage}${part}`;
}

function drawParameters({ parameters }: Job): string[] {
  if (parameters.length === 0) return [];
  const width = Math.max(...parameters.map(({ key }) => key.length));
  return ["", ...parameters.map(({ key, value }) => `  ${key.padEnd(width)}  ${value ?? ""}`)];
}

function drawPrograms({ programs }: Job): string[] {
  if (programs.length === 0) return ["", "  waiting: no program has picked it up yet"];
  return [
    "",
    ...programs.map(
      ({ id, name, status, message }) =>
        `  program ${id}: ${name ?? "unnamed"}, ${status}${message === null ? "" : `: ${message}`}`,
    ),
  ];
}
