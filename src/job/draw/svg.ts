/** A job as a picture for a report: a standalone SVG, its text as text, in the colours that the reader's screen has. */
import type { Hint } from "../../hint.ts";
import { plural } from "../../plural.ts";
import { shorten } from "../../text-width.ts";
import { type Job, statuses } from "../job.ts";
import { MOST_BARS, barsOf } from "./bars.ts";
import { type Fact, formatProgram, formatRelative, formatRun, headline, listFacts } from "./facts.ts";
import { formatOmission, formatSelection, formatTotals, printable } from "./format.ts";
import { drawBars } from "./svg-bars.ts";
import { CHARACTER, EDGE, LINE, WIDTH, escape, label, styles } from "./svg-parts.ts";

/** Maximum of values of one parameter and of lines of a list; the rest is shown as a count. */
const MOST_VALUES = 6;
const MOST_LINES = 20;

export function drawSvg(job: Job, formatHint: (hint: Hint) => string): string {
  const all = barsOf(job);
  const bars = all.slice(0, MOST_BARS);
  const page = new Page();
  page.line([[EDGE, headline(job), "headline"]], LINE * 1.5);
  page.facts([["status", job.status], ...listFacts(job)]);
  if (all.length > 0) {
    page.heading(formatTotals(job, all));
    page.add(drawBars(bars, page.bottom, `job-${job.id}`));
    const omission = formatOmission(job, all, bars, formatHint);
    if (omission !== undefined) page.line([[EDGE, omission, "bad"]]);
  }
  page.list("parameters", parameterFacts(job));
  page.list("programs", programFacts(job));
  page.list(
    "parents",
    job.parents.map((each) => ["", formatRelative(each, job.id)]),
  );
  page.list(
    "children",
    job.children.map((each) => ["", formatRelative(each, job.id)]),
  );
  return document(job, page, describe(job, all));
}

// --- internal ---

/** Lines from top to bottom; each added line increases the height. */
class Page {
  bottom = EDGE - LINE / 2;
  readonly #parts: string[] = [];

  add({ svg, height }: { readonly svg: string; readonly height: number }): void {
    this.#parts.push(svg);
    this.bottom += height;
  }

  /** Pieces of one line, each with its start; text beyond the edge is visibly cut off. */
  line(pieces: readonly (readonly [x: number, text: string, style: string])[], height = LINE): void {
    const baseline = this.bottom + height - 6;
    const labels = pieces.map(([x, text, style]) =>
      label(x, baseline, shorten(text, Math.floor((WIDTH - EDGE - x) / CHARACTER), "…"), style),
    );
    this.add({ svg: labels.join("\n"), height });
  }

  heading(text: string): void {
    this.line([[EDGE, text, "heading"]], LINE * 2);
    this.bottom += 4;
  }

  /** The label of a status is in its colour. */
  facts(facts: readonly Fact[]): void {
    const width = facts.reduce((most, [name]) => Math.max(most, name.length), 0);
    const behind = EDGE + (width === 0 ? 0 : (width + 2) * CHARACTER);
    for (const [name, text] of facts) {
      const style = statuses.find((status) => status === name) ?? "muted";
      this.line([...(name === "" ? [] : [[EDGE, name, style] as const]), [behind, text, "text"]]);
    }
  }

  list(title: string, facts: readonly Fact[]): void {
    if (facts.length === 0) return;
    this.heading(title);
    this.facts(facts.slice(0, MOST_LINES));
    const left = facts.length - MOST_LINES;
    if (left > 0) this.line([[EDGE, `and ${plural(left, "more line")}`, "muted"]]);
  }

  get svg(): string {
    return this.#parts.join("\n");
  }
}

function parameterFacts({ parameters }: Job): Fact[] {
  return parameters.flatMap(({ key, values }) => {
    const shown = values
      .slice(0, MOST_VALUES)
      .map((value, at): Fact => [at === 0 ? printable(key) : "", printable(value ?? "NULL")]);
    const left = values.length - shown.length;
    return left === 0 ? shown : [...shown, ["", `and ${plural(left, "more value")}`] as const];
  });
}

function programFacts({ programs }: Job): Fact[] {
  return programs.flatMap((program): Fact[] => {
    const { messages, message, status } = program;
    const [worst, ...others] = messages;
    const more = others.length === 0 ? "" : ` (and ${plural(others.length, "more message")})`;
    return [
      [status, [formatProgram(program), formatRun(program)].filter((part) => part !== "").join(": ")],
      ...(message === null ? [] : [["", printable(message)] as const]),
      ...(worst === undefined
        ? []
        : [["", `${worst.severity ?? ""} ${printable(worst.message ?? "")}${more}`] as const]),
    ];
  });
}

/** The description of the picture for screen readers. */
function describe(job: Job, bars: ReturnType<typeof barsOf>): string {
  if (bars.length === 0) return `${headline(job)}, without sweeps.`;
  const each = bars.slice(0, MOST_LINES).map((bar) => {
    const { dataCollectionId, images, isCountKnown } = bar;
    const of =
      images === null || !isCountKnown ? "an unknown number of images" : `images ${images.start} to ${images.end}`;
    return `data collection ${dataCollectionId ?? "unknown"} has ${of}; selected: ${formatSelection(bar, "-")}`;
  });
  const left = bars.length - each.length;
  return `${formatTotals(job, bars)}. ${each.join("; ")}${left === 0 ? "" : `; and ${left} more`}.`;
}

function document(job: Job, page: Page, description: string): string {
  const height = page.bottom + EDGE;
  const id = `job-${job.id}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${escape(headline(job))}</title>
<desc id="${id}-desc">${escape(description)}</desc>
<style>
${styles}
</style>
<rect class="page" width="${WIDTH}" height="${height}"/>
${page.svg}
</svg>
`;
}
