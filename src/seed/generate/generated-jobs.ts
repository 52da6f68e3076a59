/** The record of generated jobs in the database: their ranges of ids, and the progress. */
import type { Db } from "../../db/db.ts";
import { existingToolTables, readToolRows, seedTable } from "../../state/tables.ts";
import { forgetSeededRows, writeSeededRow } from "../rows/seeded-rows.ts";
import type { RandomState } from "./content/random.ts";
import type { PerTable } from "./content/tables.ts";

/** Increased whenever the same seed generates other rows. */
export const FORM = 2;

export interface GenerateProgress {
  readonly jobs: number;
  readonly samples: number;
  /** The next ids. */
  readonly next: PerTable;
  readonly shapes: RandomState;
  readonly details: RandomState;
}

/** The stored record, as JSON in its one row of the table of seeded rows. */
interface Written {
  readonly form: number;
  readonly state: "writing" | "done" | "removing";
  /** Number of wanted jobs. */
  readonly jobs: number;
  /** Reserved ids: the first one, and how many. */
  readonly ranges: { readonly first: PerTable; readonly rows: PerTable; readonly samples: number };
  readonly progress: GenerateProgress;
}

export interface Generated extends Written {
  readonly name: string;
  /** The reference time: nothing is later. */
  readonly at: string;
}

/** Its name among the stories; a story may not have such a name. */
export function generatedName(randomSeed: number): string {
  return `generated-${randomSeed}`;
}

/** The record of this name; undefined if none was started, or if all of it is removed. */
export async function readGenerated(db: Db, name: string): Promise<Generated | undefined> {
  if (!(await existingToolTables(db)).has(seedTable)) return undefined;
  const [row] = await readToolRows<{ written: string; at: string }>(
    db,
    seedTable,
    "written, DATE_FORMAT(times_from, '%Y-%m-%d %H:%i:%s') AS `at`",
    "WHERE story = ? AND label = ?",
    [name, LABEL],
  );
  return row === undefined ? undefined : { ...(JSON.parse(row.written) as Written), name, at: row.at };
}

export async function writeGenerated(db: Db, { at, name, ...written }: Generated): Promise<void> {
  const rowId = written.ranges.first.ProcessingJob;
  await writeSeededRow(db, name, { label: LABEL, table: "ProcessingJob", rowId, written: { ...written }, at });
}

export async function forgetGenerated(db: Db, name: string): Promise<void> {
  await forgetSeededRows(db, name, [LABEL]);
}

// --- internal ---

/** Differs from every label of a story, which begins with a letter. */
const LABEL = "(generated)";
