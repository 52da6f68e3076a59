/** A story beside what it made before: what is new, what changed, what it no longer names. */
import type { Db } from "../../db/db.ts";
import { refOf } from "../story/flatten.ts";
import type { BoundRow, BoundStory } from "./bind.ts";
import type { Scalar } from "./fit.ts";
import type { RecordedRow, Written } from "./seeded-rows.ts";
import { uniqueKeyOwner } from "./unique-key-owner.ts";

/** Those who write, or who only count: both walk the same way. */
export interface RowOperations {
  /** Returns the new row's id; null where its table has none. */
  insert(row: BoundRow, written: Written): Promise<number | null>;
  update(row: BoundRow, before: RecordedRow, written: Written): Promise<void>;
  /** The row is as it should be; its label or the story's time may be new. */
  keep(row: BoundRow, before: RecordedRow): Promise<void>;
}

/** Walks over the rows, parents first, and gives back what remains of earlier times. */
export async function reconcile(
  db: Db,
  story: BoundStory,
  record: readonly RecordedRow[],
  hands: RowOperations,
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
    if (old === undefined) ids.set(row.label, await hands.insert(row, written));
    else {
      left.delete(old);
      // They change places, so that the other label finds a row, too.
      if (own !== undefined && old !== own) before.set(old.label, own);
      ids.set(row.label, old.rowId);
      if (isEqual(old.written, written)) await hands.keep(row, old);
      else await hands.update(row, old, written);
    }
  }
  return [...left];
}

/** The columns whose values differ; undefined for one that the story no longer names. */
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

/** A row without an id is named by its key alone: with another one it is another row, whatever its label. */
function withId(old: RecordedRow | undefined): RecordedRow | undefined {
  return old?.rowId === null ? undefined : old;
}

/** A row that only has another label now. */
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
