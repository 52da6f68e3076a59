/**
 * What a difference between the wanted and the found form means to a migration: a notice (the
 * facility's own, or an older form that clients can live with) or a conflict.
 */
import type { Difference } from "../catalog/difference.ts";
import { enumValues, varcharLength } from "../dialect/column-type.ts";
import { sameName } from "../model.ts";
import type { Conflict, Verdict } from "./contract.ts";
import type { ColumnSpec } from "./step.ts";

/** Names and text encodings are the facility's business; so is everything beyond what we name. */
const ignoredOnColumns = new Set(["name", "charset", "collation", "compressed"]);

/** Wording and order mean nothing to any client, and would only hide what does. */
const neverReported = new Set(["comment", "column order"]);

/** Present with notices, or a conflict; `settle` adds the statement that would end one. */
export function verdictOf(
  differences: readonly Difference[],
  specs: readonly ColumnSpec[] = [],
  settle: (difference: Difference) => Conflict = (difference) => ({ difference }),
): Verdict {
  const told = differences.filter(({ aspect }) => !neverReported.has(aspect));
  const notices = told.filter((difference) => isNotice(difference, specs));
  const conflicts = told.filter((difference) => !notices.includes(difference)).map(settle);
  return conflicts.length === 0 ? { state: "present", notices } : { state: "conflict", conflicts, notices };
}

/** Nothing of these may be there, or lack. */
export function conflicting(...differences: readonly Difference[]): Verdict {
  return { state: "conflict", conflicts: differences.map((difference) => ({ difference })), notices: [] };
}

export function noSuchTable(name: string): Verdict {
  return conflicting({ part: "table", object: name, aspect: "existence", expected: `table ${name}` });
}

export function noSuchColumn(table: string, column: string): Verdict {
  const expected = `column ${column}`;
  return conflicting({ part: "column", object: `${table}.${column}`, aspect: "existence", expected });
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
 * RESTRICT where the convention would cascade, as PR 35 and 36 have it: nothing is lost by it, but a
 * session that has jobs cannot be deleted. The reverse, CASCADE where a job must not take results
 * with it, is a conflict.
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
      // A column that may be NULL has NULL as its default where it names no other.
      return actual === "NULL" && accepts?.nullable === true;
    default:
      return false;
  }
}

/** A longer varchar, or an enum with every wanted value and more. */
function isWider(expected: string, actual: string): boolean {
  if (varcharLength(actual) >= varcharLength(expected)) return true;
  const [wanted, there] = [enumValues(expected), enumValues(actual)];
  return wanted.length > 0 && wanted.every((value) => there.includes(value));
}
