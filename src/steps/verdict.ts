/**
 * The meaning of a difference between the wanted and the existing form. It is a notice (the facility's own
 * addition, or an older form that clients accept) or a conflict.
 */
import type { Difference } from "../catalog/difference.ts";
import { sameName } from "../model.ts";
import { type KnownColumn, isAcceptedColumn } from "./accepted-column.ts";
import type { Conflict, Verdict } from "./contract.ts";

/**
 * No matter to clients, which name what they read: names of keys, character sets, INVISIBLE, COMPRESSED. A key that no
 * query may use makes clients slow, and a facility may have its reason.
 */
const facilitysChoice = new Set(["name", "charset", "collation", "invisible", "compressed", "ignored", "longer"]);

/** Not reported: comments and column order, which no client reads. */
const neverReported = new Set(["comment", "column order"]);

/** Present with notices, or a conflict; `resolve` adds the statement that resolves a conflict. */
export function verdictOf(
  differences: readonly Difference[],
  columns: readonly KnownColumn[] = [],
  resolve: (difference: Difference) => Conflict = (difference) => ({ difference }),
): Verdict {
  const reported = differences.filter(({ aspect }) => !neverReported.has(aspect));
  const notices = reported.filter((difference) => isNotice(difference, columns));
  const conflicts = reported.filter((difference) => !notices.includes(difference)).map(resolve);
  return conflicts.length === 0 ? { state: "present", notices } : { state: "conflict", conflicts, notices };
}

/** A verdict in which every difference is a conflict. */
export function conflicting(...differences: readonly Difference[]): Verdict {
  return { state: "conflict", conflicts: differences.map((difference) => ({ difference })), notices: [] };
}

export function noSuchTable(name: string): Verdict {
  return conflicting({ part: "table", object: name, aspect: "existence", expected: `table ${name}` });
}

export function noSuchColumn(table: string, column: string): Verdict {
  const object = `${table}.${column}`;
  return conflicting({ part: "column", object, aspect: "existence", expected: `column ${object}` });
}

function isNotice(difference: Difference, columns: readonly KnownColumn[]): boolean {
  const { aspect, expected, found: actual } = difference;
  if (expected === undefined) return true;
  if (facilitysChoice.has(aspect)) return true;
  if (actual === undefined) return false;
  if (difference.part === "foreign key") return aspect === "onUpdate" || isStricter(expected, actual);
  if (difference.part === "column") {
    const name = difference.object.slice(difference.object.indexOf(".") + 1);
    return isAcceptedColumn(
      difference,
      columns.find(({ spec }) => sameName(spec.name, name)),
    );
  }
  return false;
}

/**
 * True for RESTRICT where the convention cascades, as PR 35 and 36 have it. No data is lost by it, but a session
 * with jobs cannot be deleted. The reverse is a conflict: a CASCADE that deletes results with a job.
 */
function isStricter(expected: string, actual: string): boolean {
  return actual === "RESTRICT" && (expected === "CASCADE" || expected === "SET NULL");
}
