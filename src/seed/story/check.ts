/** Checks the rows of a story without a database: names, references, circles, images. Pure. */
import { type StoryCell, type StoryRow, refOf } from "./flatten.ts";
import { isParent, kinds } from "./kinds.ts";
import { type Problem, didYouMean, quoteValue } from "./problem.ts";

/** The first and last image of a data collection, if known. */
export interface Images {
  readonly first: number;
  readonly last: number;
}

/** Images of the existing rows that labels are mapped to, by label. */
export type MappedImages = ReadonlyMap<string, Images | undefined>;

export function checkRows(rows: readonly StoryRow[], mapped: MappedImages): Problem[] {
  const byLabel = new Map(rows.toReversed().map((row) => [row.label, row]));
  return [
    ...sameLabels(rows),
    ...rows.flatMap((row) => row.cells.flatMap((cell) => unknownLabel(cell, byLabel))),
    ...circles(rows, byLabel),
    ...rows.flatMap((row) => imageRange(row, byLabel, mapped)),
    ...rows.flatMap(programTimes),
    ...sampleTwice(rows),
  ];
}

/** Problems of labels that are mapped to existing rows. */
export function checkUses(uses: ReadonlyMap<string, number>, rows: readonly StoryRow[]): string[] {
  const labels = new Map(rows.filter(isLabelled).map((row) => [row.label, row.kind]));
  const parents = [...labels].flatMap(([label, kind]) => (kind !== "members" && isParent(kind) ? [label] : []));
  return [...uses.keys()].flatMap((label) => {
    const kind = labels.get(label);
    if (kind === undefined) return [`--use ${label}: no row of the story has this label${didYouMean(label, parents)}`];
    if (parents.includes(label)) return [];
    return [
      `--use ${label}: ${kind === "members" ? "a member of a sample group" : kinds[kind].one} cannot be replaced by an existing row`,
    ];
  });
}

export function imagesOf(first: unknown, count: unknown): Images | undefined {
  if (typeof count !== "number") return undefined;
  const start = typeof first === "number" ? first : 1;
  return { first: start, last: start + count - 1 };
}

/** Rows in an order with parents first; requires rows without a problem in `checkRows`. */
export function inOrder(rows: readonly StoryRow[]): StoryRow[] {
  const byLabel = new Map(rows.map((row) => [row.label, row]));
  const ordered = new Set<StoryRow>();
  const visit = (row: StoryRow): void => {
    if (ordered.has(row)) return;
    for (const parent of parentsOf(row, byLabel)) visit(parent);
    ordered.add(row);
  };
  for (const row of rows) visit(row);
  return [...ordered];
}

/** Rows that are still needed once labels are mapped: not those that only led to an existing row. */
export function needed(rows: readonly StoryRow[], mapped: ReadonlySet<string>): StoryRow[] {
  if (mapped.size === 0) return [...rows];
  const byLabel = new Map(rows.map((row) => [row.label, row]));
  const referred = new Set(rows.flatMap((row) => parentsOf(row, byLabel)));
  const wanted = new Set<StoryRow>();
  const visit = (row: StoryRow): void => {
    if (wanted.has(row) || mapped.has(row.label)) return;
    wanted.add(row);
    for (const parent of parentsOf(row, byLabel)) visit(parent);
  };
  for (const row of rows) if (!referred.has(row)) visit(row);
  return rows.filter((row) => wanted.has(row));
}

// --- internal ---

function parentsOf(row: StoryRow, byLabel: ReadonlyMap<string, StoryRow>): StoryRow[] {
  return row.cells.flatMap(({ value }) => {
    const parent = byLabel.get(refOf(value)?.ref ?? "");
    return parent === undefined ? [] : [parent];
  });
}

/** Whether the label is written in the file: generated labels contain a blank. */
function isLabelled({ label }: StoryRow): boolean {
  return !label.includes(" ");
}

function sameLabels(rows: readonly StoryRow[]): Problem[] {
  const first = new Map<string, StoryRow>();
  return rows.filter(isLabelled).flatMap((row) => {
    const before = first.get(row.label);
    if (before === undefined) first.set(row.label, row);
    if (before === undefined) return [];
    const where = before.path.slice(0, -1).join(", ");
    return [
      { path: row.path, text: `${row.label} is already the label of another row, in ${where}`, onName: true as const },
    ];
  });
}

function unknownLabel({ value, path, implied }: StoryCell, byLabel: ReadonlyMap<string, StoryRow>): Problem[] {
  const ref = refOf(value);
  if (ref === undefined || implied === true) return [];
  const row = byLabel.get(ref.ref);
  if (row === undefined) {
    const fitting = [...byLabel.values()].filter((each) => isLabelled(each) && (ref.of ?? each.kind) === each.kind);
    const names = fitting.map(({ label }) => label);
    return [{ path, text: `no row has the label ${quoteValue(ref.ref)}${didYouMean(ref.ref, names)}` }];
  }
  if (ref.of === undefined || row.kind === ref.of || row.kind === "members") return [];
  return [{ path, text: `${ref.ref} is ${kinds[row.kind].one}; expected ${kinds[ref.of].one}` }];
}

/** Far above any real chain of programs; a longer one could exceed the stack of this process. */
const LONGEST_CHAIN = 1_000;

/** Rows that refer to each other in a circle. Every circle is reported once. */
function circles(rows: readonly StoryRow[], byLabel: ReadonlyMap<string, StoryRow>): Problem[] {
  const done = new Set<StoryRow>();
  const above: StoryRow[] = [];
  const problems: Problem[] = [];
  const visit = (row: StoryRow): void => {
    if (done.has(row)) return;
    const from = above.indexOf(row);
    if (from >= 0) {
      const circle = [...above.slice(from), row].map(({ label }) => label);
      problems.push({
        path: row.path,
        text: `these rows refer to each other in a circle: ${circle.join(" → ")}`,
        onName: true,
      });
    } else if (above.length > LONGEST_CHAIN) {
      problems.push({
        path: row.path,
        text: `${row.label} is part of a chain of more than ${LONGEST_CHAIN} rows`,
        onName: true,
      });
    } else {
      above.push(row);
      for (const parent of parentsOf(row, byLabel)) visit(parent);
      above.pop();
      done.add(row);
    }
  };
  for (const row of rows) visit(row);
  return problems;
}

const ranges = { sweeps: ["startImage", "endImage"], integrations: ["startImageNumber", "endImageNumber"] } as const;

function imageRange(row: StoryRow, byLabel: ReadonlyMap<string, StoryRow>, mapped: MappedImages): Problem[] {
  if (row.kind !== "sweeps" && row.kind !== "integrations") return [];
  const [startColumn, endColumn] = ranges[row.kind];
  const start = numberIn(row, startColumn);
  const end = numberIn(row, endColumn);
  const problems: Problem[] = [];
  if (start !== undefined && end !== undefined && start > end) {
    problems.push({ path: [...row.path, startColumn], text: `${startColumn} ${start} is after ${endColumn} ${end}` });
  }
  const label = row.cells.map(({ value }) => refOf(value)).find((ref) => ref?.of === "dataCollections")?.ref ?? "";
  const images = mapped.has(label) ? mapped.get(label) : storyImages(byLabel.get(label));
  if (images === undefined) return problems;
  const has = images.last < images.first ? "no images" : `the images ${images.first} to ${images.last}`;
  for (const [column, image] of [
    [startColumn, start],
    [endColumn, end],
  ] as const) {
    if (image === undefined || (image >= images.first && image <= images.last)) continue;
    problems.push({ path: [...row.path, column], text: `${column} is ${image}; ${label} has ${has}` });
  }
  return problems;
}

function storyImages(row: StoryRow | undefined): Images | undefined {
  if (row?.kind !== "dataCollections") return undefined;
  return imagesOf(numberIn(row, "startImageNumber"), numberIn(row, "numberOfImages"));
}

function valueIn(row: StoryRow, column: string): unknown {
  return row.cells.find((cell) => cell.column === column)?.value;
}

function numberIn(row: StoryRow, column: string): number | undefined {
  const value = valueIn(row, column);
  return typeof value === "number" ? value : undefined;
}

/** Checks the times of a program: if the status is a number, only a start time distinguishes running from queued. */
function programTimes(row: StoryRow): Problem[] {
  if (row.kind !== "programs") return [];
  const status = valueIn(row, "processingStatus");
  const start = valueIn(row, "processingStartTime");
  const end = valueIn(row, "processingEndTime");
  const problems: Problem[] = [];
  if (status === "RUNNING" && start === undefined) {
    problems.push({ path: row.path, text: `${row.label} is RUNNING: it needs a processingStartTime`, onName: true });
  }
  if (typeof start === "string" && typeof end === "string" && start > end) {
    problems.push({
      path: [...row.path, "processingStartTime"],
      text: `${row.label} starts at ${start}, after its end at ${end}`,
    });
  }
  return problems;
}

function sampleTwice(rows: readonly StoryRow[]): Problem[] {
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    if (row.kind !== "members") return [];
    const pair = row.cells.flatMap(({ value }) => refOf(value)?.ref ?? []).join(" ");
    const isTwice = seen.has(pair);
    seen.add(pair);
    return isTwice ? [{ path: row.path, text: `this sample is already in the group` }] : [];
  });
}
