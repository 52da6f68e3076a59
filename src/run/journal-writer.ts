/** Writes the journal of a run: read once under the lease, then written row by row. */
import {
  type Entry,
  type EntryState,
  type JournalRow,
  forget,
  givenPrevious,
  readJournal,
  record,
} from "../state/journal.ts";
import { title } from "../steps/index.ts";
import type { StepRef } from "../steps/step-ref.ts";
import type { Run } from "./run.ts";

export interface JournalWriter {
  readonly entries: readonly Entry[];
  /** The recorded state of a step, by an earlier run or by this one. */
  stateOf(ref: StepRef): EntryState | undefined;
  write(ref: StepRef, state: EntryState, more?: Pick<JournalRow, "statement" | "previous" | "measured">): Promise<void>;
  /** Records a migration as a whole. */
  writeWhole(migration: string, state: EntryState, digest: string): Promise<void>;
  /** Records any other row, with `previous` as it is given. */
  writeRow(row: JournalRow): Promise<void>;
  forgetRow(migration: string, step: number): Promise<void>;
  forget(ref: StepRef): Promise<void>;
  forgetWhole(migration: string): Promise<void>;
}

export async function openJournalWriter({
  changes,
  lease,
  main: db,
  server,
}: Pick<Run, "changes" | "lease" | "main" | "server">): Promise<JournalWriter> {
  const entries = await readJournal(db);
  const states = new Map(entries.map(({ migration, state, step }) => [keyOf(migration, step), state]));
  const written = async (row: Promise<void>) => {
    await row;
    changes.begun = true;
  };
  return {
    entries,
    stateOf: (ref) => states.get(keyOf(ref.migration, ref.number)),
    async write(ref, state, more = {}) {
      const { checksum, migration, number, step } = ref;
      const row = { migration, step: number, what: title(step), state, checksum, ...more };
      await written(record(db, server, lease, row));
      states.set(keyOf(migration, number), state);
    },
    async writeWhole(migration, state, digest) {
      // Rows are in the order of application: that of a skip would keep its place.
      if (states.get(keyOf(migration, 0)) === "skipped") await written(forget(db, lease, migration, 0));
      await written(record(db, server, lease, { migration, step: 0, what: "migration", state, checksum: digest }));
      states.set(keyOf(migration, 0), state);
    },
    async writeRow(row) {
      await written(record(db, server, lease, row, row.previous === undefined ? undefined : givenPrevious));
      states.set(keyOf(row.migration, row.step), row.state);
    },
    async forgetRow(migration, step) {
      await written(forget(db, lease, migration, step));
      states.delete(keyOf(migration, step));
    },
    async forget(ref) {
      await written(forget(db, lease, ref.migration, ref.number));
      states.delete(keyOf(ref.migration, ref.number));
    },
    forgetWhole: (migration) => written(forget(db, lease, migration, 0)),
  };
}

// --- internal ---

/** Step 0 is the migration as a whole. */
function keyOf(migration: string, step: number): string {
  return `${migration} ${step}`;
}
