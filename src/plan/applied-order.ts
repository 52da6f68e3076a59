/** The order in which migrations were applied: `down` goes back by it, because a later one may build on an earlier one. */
import type { Entry } from "../state/journal.ts";

/**
 * Sorted as the journal has their rows as a whole. One without such a row was stopped in the middle of the newest run, so it
 * comes after them, in the order of the plan.
 */
export function inAppliedOrder<T extends { readonly entry?: Entry }>(
  recorded: readonly T[],
  journal: readonly Entry[],
): T[] {
  const at = ({ entry }: T) =>
    entry === undefined || entry.state === "skipped" ? journal.length : journal.indexOf(entry);
  return recorded.toSorted((a, b) => at(a) - at(b));
}
