/**
 * One difference, one name, one fix: several steps look at the same column or key, and a procedure takes its types from
 * columns that may be named already.
 */
import type { Db } from "../db/db.ts";
import type { Plan } from "../plan/read-plan.ts";
import { adviceOnTaken, takenForeignKeyNames } from "../preflight/foreign-key-names.ts";
import { tablesOfProcedure } from "../repeatables/procedures/render.ts";
import type { PlannedRepeatable } from "../repeatables/repeatable.ts";
import { nameOf } from "../state/repeatable-names.ts";
import { id } from "../sql.ts";
import type { Finding, Found } from "./finding.ts";

/** The first of those that say the same, or the one that has a fix. */
export function eachOnce(findings: readonly Found[]): Found[] {
  const once = new Map<string, Found>();
  for (const each of findings) {
    const subject = subjectOf(each);
    const first = once.get(subject);
    if (first === undefined || (first.repair.length === 0 && each.repair.length > 0)) once.set(subject, each);
  }
  return [...once.values()];
}

/**
 * True for a procedure that has the form which this tool gave it, and differs only because a column that it takes its types
 * from has another form now: the column is named.
 */
export function followsColumn({ live, name }: PlannedRepeatable, plan: Plan, findings: readonly Found[]): boolean {
  if (live.state !== "different" || live.edited !== false) return false;
  const source = plan.context.procedures.find((each) => nameOf("procedures", each.name) === name);
  const tables = source === undefined ? [] : tablesOfProcedure(source);
  return findings.some(
    ({ difference }) => difference?.part === "column" && tables.includes(difference.object.split(".", 1)[0] ?? ""),
  );
}

/** The findings; a fix that needs the name of another table's foreign key comes after what frees the name. */
export async function withFreeNames(db: Db, plan: Plan, findings: readonly Finding[]): Promise<Finding[]> {
  const taken = await takenForeignKeyNames(db, plan);
  return findings.map((finding) => {
    const first = taken.filter(({ name }) =>
      finding.repair.some((each) => typeof each === "string" && each.includes(`CONSTRAINT ${id(name)} `)),
    );
    return first.length === 0 ? finding : { ...finding, repair: [...first.map(adviceOnTaken), ...finding.repair] };
  });
}

// --- internal ---

/** A key that is missing, and the one in its place that refers elsewhere, are one matter. */
function subjectOf({ difference, what }: Found): string {
  if (difference?.part !== "foreign key" || difference.expected === undefined) return what;
  const { aspect, expected, object } = difference;
  return aspect === "existence" || aspect === "target" ? `${object.split(".", 1)[0]} ${expected}` : what;
}
