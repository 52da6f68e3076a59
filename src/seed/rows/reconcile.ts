/** Compares a story with the rows that it inserted before: new, changed, no longer named. */
import type { Db } from "../../db/db.ts";
import { refOf } from "../story/flatten.ts";
import type { BoundRow, BoundStory } from "./bind.ts";
import type { Scalar } from "./fit.ts";
import type { RecordedRow, Written } from "./seeded-rows.ts";
import { uniqueKeyOwner } from "./unique-key-owner.ts";

/** Writes rows, or only counts them: both take the same path. */
export interface RowOperations {
  /** Returns the id of the new row; null if its table has none. */
  insert(row: BoundRow, written: Written): Promise<number | null>;
  update(row: BoundRow, before: RecordedRow, written: Written): Promise<void>;
  /** The row has the right values; its label or the story's reference time may be new. */
  keep(row: BoundRow, before: RecordedRow): Promise<void>;
}

/** Walks over the rows, parents first, and returns the recorded rows that the story no longer names. */
export async function reconcile(
  db: Db,
  story: BoundStory,
  record: readonly RecordedRow[],
  operations: RowOperations,
): Promise<readonly RecordedRow[]> {
  const ids = new Map<string, number | null>(story.mapped);
  const before = new Map(record.map((row) => [row.label, row]));
  const labels = new Set(story.rows.map(({ label }) => label));
  const left = new Set(record);
  for (const row of story.rows) {
    const written = resolve(row, ids);
    const labelled = before.get(row.label);
    const own = labelled?.table === row.table && left.has(labelled) ? labelled : undefined;
    const old =
      own !== undefined && isEqual(own.written, written)
        ? own
        : ((await uniqueKeyOwner(db, row, written, left)) ?? withId(own) ?? renamed(row, written, left, labels));
    if (old === undefined) ids.set(row.label, await operations.insert(row, written));
    else {
      left.delete(old);
      // The labels change places, so that the other label also has a row.
      if (own !== undefined && old !== own) before.set(old.label, own);
      ids.set(row.label, old.rowId);
      if (isEqual(old.written, written)) await operations.keep(row, old);
      else await operations.update(row, old, written);
    }
  }
  return [...left];
}

/** Columns with new values; undefined for a column that the story no longer names. */
export function changes(before: Written, after: Written): ReadonlyMap<string, Scalar | undefined> {
  const columns = new Set([...Object.keys(before), ...Object.keys(after)]);
  return new Map([...columns].filter((name) => before[name] !== after[name]).map((name) => [name, after[name]]));
}

// --- internal ---

function resolve({ cells, label }: BoundRow, ids: ReadonlyMap<string, number | null>): Written {
  return Object.fromEntries(
    cells.map(({ column, value }) => {
      const ref = typeof value === "object" && value !== null ? refOf(value) : undefined;
      if (ref === undefined) return [column, value as Scalar];
      const id = ids.get(ref.ref);
      if (id === undefined || id === null) throw new Error(`${label} comes before ${ref.ref}`);
      return [column, ref.asText === true ? String(id) : id];
    }),
  );
}

/** A row without an id is identified by its key alone: another key is another row, even with the same label. */
function withId(old: RecordedRow | undefined): RecordedRow | undefined {
  return old?.rowId === null ? undefined : old;
}

/** A recorded row with the same values and another label. */
function renamed(
  { table }: BoundRow,
  written: Written,
  left: ReadonlySet<RecordedRow>,
  labels: ReadonlySet<string>,
): RecordedRow | undefined {
  return [...left].find((old) => old.table === table && !labels.has(old.label) && isEqual(old.written, written));
}

function isEqual(before: Written, after: Written): boolean {
  return changes(before, after).size === 0;
}
