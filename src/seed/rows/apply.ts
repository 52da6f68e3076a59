/** One story applied to the database, or only counted: both take the same path. */
import type { Db } from "../../db/db.ts";
import type { BoundRow, BoundStory } from "./bind.ts";
import { readOrigin, writeOrigin, writtenFromElsewhere } from "./origin.ts";
import { reconcile } from "./reconcile.ts";
import { type RecordedRow, type Written, forgetSeededRows, readSeededRows, writeSeededRow } from "./seeded-rows.ts";
import { alive, insertRow, removeRows, updateRow } from "./write.ts";

/** How many rows of a story are or would be … */
export interface Counts {
  readonly inserted: number;
  readonly updated: number;
  readonly removed: number;
  readonly kept: number;
}

export interface StoryPlan extends Counts {
  readonly story: string;
  readonly leftOut: readonly string[];
  /** The file that wrote its rows before, if this is the same story in another place. */
  readonly movedFrom?: string;
}

export interface SeededRow {
  readonly label: string;
  readonly table: string;
  readonly id: number | null;
}

export interface StoryOutcome extends StoryPlan {
  readonly at: string;
  readonly rows: readonly SeededRow[];
}

export interface Planned {
  /** New rows that are only counted have no real id here. */
  readonly outcome: StoryOutcome;
  /** Nothing would be written, not even a changed label. */
  readonly isDone: boolean;
}

/** Writes nothing. Throws CONFLICT. */
export async function planStory(db: Db, story: BoundStory): Promise<Planned> {
  let inserted = 0;
  let changes = 0;
  const note = async () => {
    changes++;
  };
  const noteAll = async (some: readonly unknown[]) => {
    changes += some.length;
  };
  const outcome = await walk(db, story, {
    // No row has such an id, so that every row that refers to it counts as changed.
    insert: async () => -++inserted,
    update: note,
    remember: note,
    remove: noteAll,
    forget: noteAll,
    settle: async () => {},
  });
  return { outcome, isDone: changes === 0 };
}

/** Throws CONFLICT, ROWS_IN_USE and STATEMENT_FAILED: the caller rolls back what was written before. */
export function writeStory(db: Db, story: BoundStory): Promise<StoryOutcome> {
  return walk(db, story, {
    insert: (row, written) => insertRow(db, row, written),
    update: (label, before, written) => updateRow(db, label, before, written),
    remember: (row) => writeSeededRow(db, story.name, row),
    remove: (rows) => removeRows(db, story.name, rows),
    forget: (labels) => forgetSeededRows(db, story.name, labels),
    settle: () => writeOrigin(db, story),
  });
}

// --- internal ---

/** What is done with a row, and at the end. */
interface RowOperations {
  insert(row: BoundRow, written: Written): Promise<number | null>;
  update(label: string, before: RecordedRow, written: Written): Promise<void>;
  /** Every new row, and every row with a changed record. */
  remember(row: RecordedRow): Promise<void>;
  remove(rows: readonly RecordedRow[]): Promise<void>;
  forget(labels: readonly string[]): Promise<void>;
  /** At the end, if anything was changed: the file is recorded. */
  settle(): Promise<void>;
}

async function walk(db: Db, story: BoundStory, operations: RowOperations): Promise<StoryOutcome> {
  const { name, at, leftOut } = story;
  const record = await readSeededRows(db, name);
  const there = await alive(db, record);
  const writtenFrom = await readOrigin(db, name);
  const isElsewhere = writtenFrom !== undefined && writtenFrom !== story.origin && there.length > 0;
  let isChanged = false;
  const checked = beforeEach(operations, () => {
    if (isElsewhere && !story.isNamed) throw writtenFromElsewhere(db, story, writtenFrom);
    isChanged = true;
  });
  const counts = { inserted: 0, updated: 0, kept: 0 };
  const rows: SeededRow[] = [];
  const remember = async (row: RecordedRow, before?: RecordedRow) => {
    rows.push({ label: row.label, table: row.table, id: row.rowId });
    const isAsBefore = before?.label === row.label && before.at === at && before.written === row.written;
    if (!isAsBefore) await checked.remember(row);
  };
  const left = await reconcile(db, story, there, {
    async insert(row, written) {
      counts.inserted++;
      const rowId = await checked.insert(row, written);
      await remember({ label: row.label, table: row.table, rowId, written, at });
      return rowId;
    },
    async update({ label }, before, written) {
      counts.updated++;
      await checked.update(label, before, written);
      await remember({ ...before, label, written, at }, before);
    },
    async keep({ label }, before) {
      counts.kept++;
      await remember({ ...before, label, at }, before);
    },
  });
  if (left.length > 0) await checked.remove(left);
  const labels = new Set(rows.map(({ label }) => label));
  const gone = record.map(({ label }) => label).filter((label) => !labels.has(label));
  if (gone.length > 0) await checked.forget(gone);
  if (isChanged && writtenFrom !== story.origin) await operations.settle();
  const moved = isChanged && isElsewhere ? { movedFrom: writtenFrom } : {};
  return { story: name, at, leftOut, ...counts, removed: left.length, rows, ...moved };
}

/** The same operations, with a check before each that changes anything. */
function beforeEach(operations: RowOperations, check: () => void): RowOperations {
  // An async function, so that a refusal rejects.
  const checked = async <T>(operation: () => Promise<T>): Promise<T> => {
    check();
    return operation();
  };
  return {
    insert: (row, written) => checked(() => operations.insert(row, written)),
    update: (label, before, written) => checked(() => operations.update(label, before, written)),
    remember: (row) => checked(() => operations.remember(row)),
    remove: (rows) => checked(() => operations.remove(rows)),
    forget: (labels) => checked(() => operations.forget(labels)),
    settle: () => operations.settle(),
  };
}
