/**
 * What a difference between the wanted and the found form means to a migration: a notice (the
 * facility's own, or an older form that clients can live with) or a conflict.
 */
import type { Difference } from "../catalog/compare.ts";
import type { ColumnSpec } from "./step.ts";

/** Names, wording and text encodings are the facility's business; so is everything beyond what we name. */
const ownAffair = new Set(["name", "comment", "charset", "collation", "column order", "compressed"]);

export function isNotice(difference: Difference, specs: readonly ColumnSpec[] = []): boolean {
  const { aspect, expected, found } = difference;
  if (expected === undefined) return true;
  if (ownAffair.has(aspect)) return true;
  if (found === undefined) return false;
  if (difference.part === "foreign key") return aspect === "onUpdate" || isStricter(expected, found);
  if (difference.part === "column") return isAccepted(difference, specs);
  return false;
}

/**
 * RESTRICT where the convention would cascade, as PR 35 and 36 have it: nothing is lost by it, but a
 * session that has jobs cannot be deleted. The reverse, CASCADE where a job must not take results
 * with it, is a conflict.
 */
function isStricter(expected: string, found: string): boolean {
  return found === "RESTRICT" && (expected === "CASCADE" || expected === "SET NULL");
}

function isAccepted(difference: Difference, specs: readonly ColumnSpec[]): boolean {
  const spec = specs.find((each) => difference.object.toLowerCase().endsWith(`.${each.name.toLowerCase()}`));
  const { aspect, expected = "", found = "" } = difference;
  if (aspect === "type") return isWider(expected, found) || spec?.accepts?.types?.includes(found) === true;
  if (aspect === "nullable") return found === "true" && spec?.accepts?.nullable === true;
  return false;
}

/** A longer varchar, or an enum with every wanted value and more. */
function isWider(expected: string, found: string): boolean {
  const length = (type: string) => Number(/^varchar\((\d+)\)$/.exec(type)?.[1] ?? Number.NaN);
  if (length(found) >= length(expected)) return true;
  const [wanted, there] = [enumValues(expected), enumValues(found)];
  return wanted.length > 0 && wanted.every((value) => there.includes(value));
}

function enumValues(type: string): string[] {
  const list = /^enum\((.*)\)$/.exec(type)?.[1];
  return list === undefined ? [] : (list.match(/'(?:[^']|'')*'/g) ?? []);
}
