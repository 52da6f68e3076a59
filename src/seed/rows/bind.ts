/** Fits stories to the columns of a database: every value as its column stores it, or all problems at once. Writes nothing. */
import { introspect } from "../../catalog/introspect.ts";
import type { Db } from "../../db/db.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { MigrateError } from "../../errors.ts";
import { type Catalog, type Column, type Table, findColumn, findTable } from "../../model.ts";
import { id } from "../../sql.ts";
import { serverTime } from "../requirements.ts";
import { type Images, checkRows, checkUses, imagesOf, inOrder, needed } from "../story/check.ts";
import { type Ref, type StoryRow, flattenRows, refOf } from "../story/flatten.ts";
import { isParent, kinds, tableOrder } from "../story/kinds.ts";
import type { ParsedStory } from "../story/parse.ts";
import { type Path, type PlacedProblem, type Problem, didYouMean, quoteValue, storyError } from "../story/problem.ts";
import { missingCharacters } from "./charset.ts";
import { type Scalar, encode, misfit } from "./fit.ts";
import { pipelineTable, readPipelines } from "./pipelines.ts";
import { readSeededRows } from "./seeded-rows.ts";

export interface ReadyCell {
  readonly column: string;
  readonly value: Scalar | Ref;
}

export interface BoundRow {
  readonly label: string;
  readonly table: string;
  readonly cells: readonly ReadyCell[];
  /** The columns of each unique key, without the key of its own id. */
  readonly uniqueKeys: readonly (readonly Column[])[];
}

export interface BoundStory extends Pick<ParsedStory, "name" | "origin" | "isNamed"> {
  readonly at: string;
  /** Parents first. */
  readonly rows: readonly BoundRow[];
  /** Ids of existing rows, by label. */
  readonly mapped: ReadonlyMap<string, number>;
  /** Columns of the story that this database does not have. */
  readonly leftOut: readonly string[];
}

export interface SeedRequest {
  readonly uses: ReadonlyMap<string, number>;
  /** The reference time, by the server's clock; without it, that of the earlier seeding, or now. */
  readonly at?: string | undefined;
}

/** Throws USAGE for a label or row of `uses` that does not exist, and STORY_INVALID with all problems of all stories. */
export async function bindStories(
  db: Db,
  dialect: Dialect,
  stories: readonly ParsedStory[],
  request: SeedRequest,
): Promise<BoundStory[]> {
  const catalog = await introspect(db, dialect, { tables: [...tableOrder, pipelineTable] });
  const pipelines = await readPipelines(db, catalog);
  const labels = new Set(request.uses.keys());
  const read = [];
  for (const story of stories) {
    const at = request.at ?? (await readSeededRows(db, story.name))[0]?.at ?? (await serverTime(db));
    read.push({ story, at, ...flattenRows(story.story, at, labels) });
  }
  const images = await readMapped(
    db,
    request.uses,
    read.flatMap(({ rows }) => rows),
  );

  const problems: PlacedProblem[] = [];
  const fitted = [];
  for (const { story, at, rows, problems: ofTimes } of read) {
    const { rows: fitting, leftOut, problems: ofColumns } = await fitRows(db, rows, catalog, pipelines);
    const ofRows = [...ofTimes, ...checkRows(rows, images), ...ofColumns];
    problems.push(...story.problems, ...ofRows.map(story.place));
    const { isNamed, name, origin } = story;
    fitted.push({ name, origin, isNamed, at, rows, leftOut, byLabel: new Map(fitting.map((row) => [row.label, row])) });
  }
  if (problems.length > 0) throw storyError(problems);
  return fitted.map(({ at, rows, leftOut, byLabel, ...story }) => ({
    ...story,
    at,
    rows: needed(inOrder(rows), labels).flatMap(({ label }) => byLabel.get(label) ?? []),
    mapped: request.uses,
    leftOut,
  }));
}

// --- internal ---

async function readMapped(
  db: Db,
  uses: ReadonlyMap<string, number>,
  rows: readonly StoryRow[],
): Promise<Map<string, Images | undefined>> {
  const wrong = checkUses(uses, rows);
  const images = new Map<string, Images | undefined>();
  for (const [label, key] of uses) {
    const row = rows.find((each) => each.label === label);
    if (row === undefined || row.kind === "members" || !isParent(row.kind)) continue;
    const kind = kinds[row.kind];
    const columns = row.kind === "dataCollections" ? "startImageNumber AS first, numberOfImages AS n" : "1";
    const [range] = await db.rows<{ first?: number | null; n?: number | null }>(
      `SELECT ${columns} FROM ${id(kind.table)} WHERE ${id(kind.key)} = ?`,
      [key],
    );
    if (range === undefined) wrong.push(`--use ${label}=${key}: ${kind.table} has no row with id ${key}`);
    else images.set(label, imagesOf(numberOf(range.first), numberOf(range.n)));
  }
  if (wrong.length === 0) return images;
  throw new MigrateError("USAGE", "this --use cannot be applied", {
    found: wrong,
    wanted: "--use LABEL=ID: a label of a parent row in the story, and the id of an existing row",
    done: "no row was written",
    next: "correct these --use options, or leave them out",
  });
}

function numberOf(value: number | null | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

interface Fitted {
  readonly rows: BoundRow[];
  readonly problems: Problem[];
  readonly leftOut: readonly string[];
}

interface Text {
  readonly column: Column;
  readonly value: string;
  readonly path: Path;
}

async function fitRows(
  db: Db,
  rows: readonly StoryRow[],
  catalog: Catalog,
  pipelines: ReadonlyMap<string, number>,
): Promise<Fitted> {
  const problems: Problem[] = [];
  const leftOut = new Set<string>();
  const texts: Text[] = [];
  const fitted = rows.map((row): BoundRow => {
    const table = findTable(catalog, row.table);
    if (table === undefined) problems.push({ path: row.path, text: `this database has no table ${row.table}` });
    const cells = row.cells.flatMap((cell): ReadyCell[] => {
      const column = table === undefined ? undefined : findColumn(table, cell.column);
      if (column === undefined) {
        if (table !== undefined && cell.implied !== true) leftOut.add(`${row.table}.${cell.column}`);
        return [];
      }
      const ref = refOf(cell.value);
      if (ref !== undefined) return [{ column: column.name, value: ref }];
      const value = boundValue(cell.value as Exclude<typeof cell.value, Ref>, pipelines);
      if (value === undefined) problems.push({ path: cell.path, text: noPipeline(cell.value, pipelines) });
      else {
        const kept = encode(column, value);
        const misfitting = misfit(column, kept);
        if (misfitting !== undefined) problems.push({ path: cell.path, text: misfitting });
        else if (typeof kept === "string") texts.push({ column, value: kept, path: cell.path });
        return [{ column: column.name, value: kept }];
      }
      return [];
    });
    return { label: row.label, table: row.table, cells, uniqueKeys: table === undefined ? [] : uniqueKeys(table) };
  });
  return { rows: fitted, problems: [...problems, ...(await strangeCharacters(db, texts))], leftOut: [...leftOut] };
}

function uniqueKeys(table: Table): Column[][] {
  return table.indexes.flatMap(({ kind, parts }) => {
    if (kind !== "primary" && kind !== "unique") return [];
    const columns = parts.flatMap(({ column }) => findColumn(table, column) ?? []);
    // A part may be an expression; an AUTO_INCREMENT id is always unique.
    const isWritten = columns.length === parts.length && columns.every(({ autoIncrement }) => autoIncrement !== true);
    return isWritten ? [columns] : [];
  });
}

function boundValue(
  value: string | number | boolean | { readonly pipeline: string | number },
  pipelines: ReadonlyMap<string, number>,
): string | number | boolean | undefined {
  if (typeof value !== "object") return value;
  if (typeof value.pipeline === "string") return pipelines.get(value.pipeline);
  return [...pipelines.values()].includes(value.pipeline) ? value.pipeline : undefined;
}

function noPipeline(value: unknown, pipelines: ReadonlyMap<string, number>): string {
  const { pipeline } = value as { pipeline: string | number };
  return `ProcessingPipeline of this database has no row ${quoteValue(pipeline)}${didYouMean(String(pipeline), pipelines.keys())}`;
}

async function strangeCharacters(db: Db, texts: readonly Text[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [charset, some] of Map.groupBy(texts, ({ column }) => column.charset)) {
    if (charset === undefined) continue;
    const missing = await missingCharacters(
      db,
      charset,
      some.map(({ value }) => value),
    );
    for (const { column, value, path } of some) {
      const lacking = [...new Set(value)].filter((character) => missing.has(character));
      if (lacking.length === 0) continue;
      problems.push({
        path,
        text: `${column.name}: its character set ${charset} cannot store ${lacking.map(quoteValue).join(", ")}`,
      });
    }
  }
  return problems;
}
