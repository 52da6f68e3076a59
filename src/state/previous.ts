/** The column `previous` of the journal: what was there before. */
import { type Entry, entryOf } from "./journal.ts";

/** The journal's steps of a repeatable: itself, and what its last replacement had to keep meanwhile. */
export const SELF_STEP = 1;
export const UNDO_STEP = 2;

/** The part of an entry that is needed to undo it. */
export type Recorded = Pick<Entry, "migration" | "state" | "checksum" | "previous">;

/** `previous` as JSON; every part may be missing. */
export function parsePrevious<T extends object = Record<string, unknown>>(
  entry: Pick<Entry, "previous"> | undefined,
): Partial<T> {
  return JSON.parse(entry?.previous ?? "{}") as Partial<T>;
}

/** What a replacement that was cut off had kept; nothing if the last one was finished. */
export function keptOf<T extends object>(entries: readonly Entry[], name: string): Partial<T> {
  const entry = entryOf(entries, name, UNDO_STEP);
  return entry?.state === "intended" ? parsePrevious<T>(entry) : {};
}
