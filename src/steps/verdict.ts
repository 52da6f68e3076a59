/**
 * The meaning of a difference between the wanted and the existing form. It is a notice (the facility's own
 * addition, or an older form that clients accept) or a conflict.
 */
import type { Difference } from "../catalog/difference.ts";
import { enumValues, varcharLength } from "../dialect/column-type.ts";
import { sameName } from "../model.ts";
import type { Conflict, Verdict } from "./contract.ts";
import type { ColumnSpec } from "./step.ts";

/** Ignored on columns: names and character sets, which are the facility's choice. */
const ignoredOnColumns = new Set(["name", "charset", "collation", "compressed"]);

/** Not reported: comments and column order, which no client reads. */
const neverReported = new Set(["comment", "column order"]);

/** Present with notices, or a conflict; `resolve` adds the statement that resolves a conflict. */
export function verdictOf(
  differences: readonly Difference[],
  specs: readonly ColumnSpec[] = [],
  resolve: (difference: Difference) => Conflict = (difference) => ({ difference }),
): Verdict {
  const reported = differences.filter(({ aspect }) => !neverReported.has(aspect));
  const notices = reported.filter((difference) => isNotice(difference, specs));
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

function isNotice(difference: Difference, specs: readonly ColumnSpec[]): boolean {
  const { aspect, expected, found: actual } = difference;
  if (expected === undefined) return true;
  if (ignoredOnColumns.has(aspect)) return true;
  if (actual === undefined) return false;
  if (difference.part === "foreign key") return aspect === "onUpdate" || isStricter(expected, actual);
  if (difference.part === "column") return isAccepted(difference, specs);
  return false;
}

/**
 * True for RESTRICT where the convention cascades, as PR 35 and 36 have it. No data is lost by it, but a session
 * with jobs cannot be deleted. The reverse is a conflict: a CASCADE that deletes results with a job.
 */
function isStricter(expected: string, actual: string): boolean {
  return actual === "RESTRICT" && (expected === "CASCADE" || expected === "SET NULL");
}

function isAccepted(difference: Difference, specs: readonly ColumnSpec[]): boolean {
  const { aspect, object, expected = "", found: actual = "" } = difference;
  const name = object.slice(object.indexOf(".") + 1);
  const accepts = specs.find((each) => sameName(each.name, name))?.accepts;
  switch (aspect) {
    case "type":
      return isWider(expected, actual) || accepts?.types?.includes(actual) === true;
    case "nullable":
      return actual === "true" && accepts?.nullable === true;
    case "default":
      // A nullable column without a default has NULL as its default.
      return actual === "NULL" && accepts?.nullable === true;
    default:
      return false;
  }
}

/** True for a longer varchar, or an enum with every wanted value and more. */
function isWider(expected: string, actual: string): boolean {
  if (varcharLength(actual) >= varcharLength(expected)) return true;
  const [wanted, there] = [enumValues(expected), enumValues(actual)];
  return wanted.length > 0 && wanted.every((value) => there.includes(value));
}
