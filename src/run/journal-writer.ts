/** The journal as this run knows and continues it: read once under the lease, written row by row. */
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import {
  type Entry,
  type EntryState,
  type JournalRow,
  forget,
  givenPrevious,
  readJournal,
  record,
} from "../state/journal.ts";
import type { Lease } from "../state/lease.ts";
import { title } from "../steps/index.ts";
import { checksum } from "./checksum.ts";
import type { Place } from "./step-ref.ts";

export interface Ledger {
  readonly entries: readonly Entry[];
  /** What is recorded of a step, by an earlier run or by this one. */
  stateOf(place: Place): EntryState | undefined;
  write(place: Place, state: EntryState, more?: Pick<JournalRow, "statement" | "previous">): Promise<void>;
  /** Records a migration as a whole. */
  writeWhole(migration: string, state: EntryState, digest: string): Promise<void>;
  /** Records anything else, with what was there before as it is given. */
  writeRow(row: JournalRow): Promise<void>;
  forgetRow(migration: string, step: number): Promise<void>;
  forget(place: Place): Promise<void>;
  forgetWhole(migration: string): Promise<void>;
}

export async function openLedger(db: Db, server: Server, lease: Lease): Promise<Ledger> {
  const entries = await readJournal(db);
  const states = new Map(entries.map((entry) => [`${entry.migration} ${entry.step}`, entry.state]));
  const keyOf = ({ migration, number }: Place) => `${migration} ${number}`;
  return {
    entries,
    stateOf: (place) => states.get(keyOf(place)),
    async write(place, state, more = {}) {
      const { migration, number, step } = place;
      const row = { migration, step: number, what: title(step), state, checksum: checksum([step]), ...more };
      await record(db, server, lease, row);
      states.set(keyOf(place), state);
    },
    writeWhole: (migration, state, digest) =>
      record(db, server, lease, { migration, step: 0, what: "migration", state, checksum: digest }),
    writeRow: (row) => record(db, server, lease, row, row.previous === undefined ? undefined : givenPrevious),
    forgetRow: (migration, step) => forget(db, lease, migration, step),
    async forget(place) {
      await forget(db, lease, place.migration, place.number);
      states.delete(keyOf(place));
    },
    forgetWhole: (migration) => forget(db, lease, migration, 0),
  };
}
