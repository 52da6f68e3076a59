import type { Entry, EntryState } from "../state/journal.ts";

/** What the journal says of a migration or a repeatable. */
export interface RecordedDocument {
  readonly as: EntryState;
  /** UTC, by the clock of the server; null where it was not finished. */
  readonly at: string | null;
  readonly by: string;
}

export function recordedDocument(entry: Entry | undefined): RecordedDocument | null {
  return entry === undefined ? null : { as: entry.state, at: entry.finishedAt, by: entry.account };
}
