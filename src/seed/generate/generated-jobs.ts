/** What the database remembers of generated jobs: where they are, and how far they are written. */
import type { Db } from "../../db/db.ts";
import { existingToolTables, readToolRows, seedTable } from "../../state/tables.ts";
import { forgetSeededRows, writeSeededRow } from "../rows/seeded-rows.ts";
import type { RandomState } from "./content/random.ts";
import type { PerTable } from "./content/tables.ts";

/** Raised whenever other rows follow from the same seed. */
export const FORM = 1;

export interface GenerateProgress {
  readonly jobs: number;
  readonly samples: number;
  /** The ids that come next. */
  readonly next: PerTable;
  readonly shapes: RandomState;
  readonly details: RandomState;
}

/** All that is written of it, as JSON in the one row that it has in the table of what was seeded. */
interface Written {
  readonly form: number;
  readonly state: "writing" | "done" | "removing";
  /** That are wanted. */
  readonly jobs: number;
  /** Ids that are set aside: the first one, and how many. */
  readonly ranges: { readonly first: PerTable; readonly rows: PerTable; readonly samples: number };
  readonly progress: GenerateProgress;
}

export interface Generated extends Written {
  readonly name: string;
  /** The moment that nothing of it is later than. */
  readonly at: string;
}

/** As it is called beside stories; no story may have such a name. */
export function generatedName(randomSeed: number): string {
  return `generated-${randomSeed}`;
}

/** Undefined where nothing of this name was ever begun, or all of it is removed. */
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

/** A label of a story begins with a letter. */
const LABEL = "(generated)";
