/** The rows of a story as a flat list with labels; needs no database. */
import type { KindName } from "./kind.ts";
import { kinds, memberTable, sections } from "./kinds.ts";
import { type LooseRow, type LooseStory, asItems, asMapping, asText } from "./loose-story.ts";
import { type Path, type Problem, quoteValue } from "./problem.ts";
import { readTime } from "./time.ts";

/** The id of the row of this label. */
export interface Ref {
  readonly ref: string;
  /** The expected kind; undefined if any kind is allowed, or if the nesting of the story decides. */
  readonly of?: KindName;
  /** Written as text, into a parameter. */
  readonly asText?: true;
}

/** The id of a pipeline, by its name or checked. */
export interface PipelineRef {
  readonly pipeline: string | number;
}

export type StoryValue = string | number | boolean | Ref | PipelineRef;

export interface StoryCell {
  readonly column: string;
  readonly value: StoryValue;
  readonly path: Path;
  /** The story does not contain this value itself: a database without the column gets no notice. */
  readonly implied?: true;
}

export interface StoryRow {
  /** The label in the story, or one generated from the label of its parent row. */
  readonly label: string;
  readonly kind: KindName | "members";
  readonly table: string;
  readonly path: Path;
  readonly cells: readonly StoryCell[];
}

export interface Rows {
  readonly rows: readonly StoryRow[];
  readonly problems: readonly Problem[];
}

/** Undefined where a value is a plain one. */
export function refOf(value: StoryValue): Ref | undefined {
  return typeof value === "object" && "ref" in value ? value : undefined;
}

/** Flattens a story; `at` is the reference time. The content of a mapped row is ignored. */
export function flattenRows(story: LooseStory, at: string, mapped: ReadonlySet<string>): Rows {
  const writer = new Writer(at);
  for (const section of sections) {
    for (const [label, loose] of Object.entries(asMapping(story[section]))) {
      const path = [section, label];
      const row = asMapping(loose);
      const given = { label, path, row };
      if (section === "jobs") writeJob(writer, given);
      else if (section === "dataCollections") writer.row(section, given, ofGroup(story, row, path, mapped));
      else if (section === "sessions") writer.row(section, given, lastUpdate(row, at, path));
      else writer.row(section, given);
      if (section === "sampleGroups") writeMembers(writer, given);
    }
  }
  return writer;
}

// --- internal ---

interface Given {
  readonly label: string;
  readonly path: Path;
  readonly row: LooseRow;
}

class Writer implements Rows {
  readonly rows: StoryRow[] = [];
  readonly problems: Problem[] = [];
  readonly at: string;

  constructor(at: string) {
    this.at = at;
  }

  row(kind: KindName, { label, path, row }: Given, more: readonly StoryCell[] = []): void {
    const { table } = kinds[kind];
    this.rows.push({
      label,
      kind,
      table,
      path,
      cells: [...this.#parents(kind, row, path), ...more, ...this.#columns(kind, row, path)],
    });
  }

  #parents(kind: KindName, row: LooseRow, path: Path): StoryCell[] {
    return Object.entries(kinds[kind].parents).flatMap(([member, { column, of }]) => {
      const ref = asText(row[member]);
      return ref === undefined ? [] : [{ column, value: { ref, of }, path: [...path, member] }];
    });
  }

  #columns(kind: KindName, row: LooseRow, path: Path): StoryCell[] {
    const { columns, stamp } = kinds[kind];
    const cells: StoryCell[] = [];
    for (const [column, type] of [
      ...Object.entries(columns),
      ...(stamp === undefined ? [] : [[stamp, "time"] as const]),
    ]) {
      const value = row[column] as string | number | boolean | undefined;
      const place = [...path, column];
      if (value === undefined) {
        if (column === stamp) cells.push({ column, value: this.at, path, implied: true });
      } else if (type !== "time") cells.push({ column, value: type === "code" ? String(value) : value, path: place });
      else {
        const time = readTime(String(value), this.at);
        if (time === undefined)
          this.problems.push({ path: place, text: `${column} is ${quoteValue(value)}: this date does not exist` });
        else cells.push({ column, value: time, path: place });
      }
    }
    return cells;
  }
}

/** Clients read the sample and the session of a data collection also from its own row. */
function ofGroup(story: LooseStory, row: LooseRow, path: Path, mapped: ReadonlySet<string>): StoryCell[] {
  const label = asText(row["group"]);
  if (label === undefined || mapped.has(label)) return [];
  const group = asMapping(story.dataCollectionGroups?.[label]);
  return [
    ...implied("blSampleId", group["sample"], "samples", path),
    ...implied("sessionId", group["session"], "sessions", path),
  ];
}

function implied(column: string, label: unknown, of: KindName, path: Path): StoryCell[] {
  return typeof label === "string" ? [{ column, value: { ref: label, of }, path, implied: true }] : [];
}

/** The official schema requires a date, and strict SQL modes refuse its default. */
function lastUpdate(row: LooseRow, at: string, path: Path): StoryCell[] {
  return row["lastUpdate"] === undefined ? [{ column: "lastUpdate", value: at, path, implied: true }] : [];
}

function writeMembers(writer: Writer, { label, path, row }: Given): void {
  for (const [at, sample] of asItems(row["samples"]).entries()) {
    const ref = asText(sample);
    if (ref === undefined) continue;
    const place = [...path, "samples", at];
    const cells: StoryCell[] = [
      { column: "blSampleGroupId", value: { ref: label, of: "sampleGroups" }, path },
      { column: "blSampleId", value: { ref, of: "samples" }, path: place },
      // Each flavour has its own name for it.
      { column: "order", value: at + 1, path: place, implied: true },
      { column: "groupOrder", value: at + 1, path: place, implied: true },
      { column: "type", value: "sample", path: place, implied: true },
    ];
    writer.rows.push({ label: `${label} sample ${at + 1}`, kind: "members", table: memberTable, path: place, cells });
  }
}

function writeJob(writer: Writer, job: Given): void {
  const { label, path, row } = job;
  writer.row("jobs", job);
  const toJob: StoryCell = { column: "processingJobId", value: { ref: label }, path };
  for (const [at, { key, value, place }] of parametersOf(row, path).entries()) {
    const cells: StoryCell[] = [toJob, { column: "parameterKey", value: key, path: place }];
    if (value !== undefined) cells.push({ column: "parameterValue", value: parameterValue(value), path: place });
    const { table } = kinds.parameters;
    writer.rows.push({ label: `${label} parameter ${at + 1}`, kind: "parameters", table, path: place, cells });
  }
  each(row["sweeps"], path, "sweeps", (sweep, place, at) =>
    writer.row("sweeps", { label: `${label} sweep ${at}`, path: place, row: sweep }, [toJob]),
  );
  for (const [name, program] of Object.entries(asMapping(row["programs"]))) {
    const given = { label: name, path: [...path, "programs", name], row: asMapping(program) };
    // The official schema's own link, from before there were jobs.
    const toData = implied("dataCollectionId", row["dataCollection"], "dataCollections", given.path);
    writeProgram(writer, given, [toJob, ...toData]);
  }
}

interface Parameter {
  readonly key: string;
  readonly value: unknown;
  readonly place: Path;
}

/** A list repeats its key. */
function parametersOf(row: LooseRow, path: Path): Parameter[] {
  return Object.entries(asMapping(row["parameters"])).flatMap(([key, value]) => {
    const place = [...path, "parameters", key];
    if (!Array.isArray(value)) return [{ key, value, place }];
    return asItems(value).map((one, at) => ({ key, value: one, place: [...place, at] }));
  });
}

function parameterValue(value: unknown): StoryValue {
  const ref = asText(asMapping(value)["idOf"]);
  if (ref !== undefined) return { ref, asText: true };
  return typeof value === "string" ? value : JSON.stringify(value);
}

function writeProgram(writer: Writer, program: Given, links: readonly StoryCell[]): void {
  const { label, path, row } = program;
  const pipeline = row["pipeline"] as string | number | undefined;
  const ofPipeline =
    pipeline === undefined
      ? []
      : [{ column: "processingPipelineId", value: { pipeline }, path: [...path, "pipeline"] }];
  writer.row("programs", program, [...links, ...ofPipeline]);
  const toProgram: StoryCell = { column: "autoProcProgramId", value: { ref: label }, path };
  for (const kind of ["messages", "attachments"] as const) {
    each(row[kind], path, kind, (child, place, at) =>
      writer.row(kind, { label: `${label} ${kind.slice(0, -1)} ${at}`, path: place, row: child }, [toProgram]),
    );
  }
  for (const [name, loose] of Object.entries(asMapping(row["results"]))) {
    const result = { label: name, path: [...path, "results", name], row: asMapping(loose) };
    const cellLabel = `${name} unit cell`;
    writer.row("autoProcs", { ...result, label: cellLabel }, [toProgram]);
    writer.row("results", result, [{ column: "autoProcId", value: { ref: cellLabel }, path: result.path }]);
    each(result.row["integrations"], result.path, "integrations", (child, place, at) => {
      const integration = `${name} integration ${at}`;
      writer.row("integrations", { label: integration, path: place, row: child }, [toProgram]);
      writer.row("resultIntegrations", { label: `${integration} of the scaling`, path: place, row: {} }, [
        { column: "autoProcScalingId", value: { ref: name }, path: place },
        { column: "autoProcIntegrationId", value: { ref: integration }, path: place },
      ]);
    });
  }
}

function each(
  rows: unknown,
  path: Path,
  name: string,
  write: (row: LooseRow, path: Path, number: number) => void,
): void {
  for (const [at, row] of asItems(rows).entries()) {
    if (row !== undefined) write(asMapping(row), [...path, name, at], at + 1);
  }
}
