/** Procedures, rows of SchemaStatus and privileges in a few words. */
import type { Plan } from "../../plan/read-plan.ts";
import { plural } from "../../plural.ts";
import { type PlannedRepeatable, type RepeatableState, isRepeatableDue } from "../../repeatables/repeatable.ts";
import { type RepeatableKind, kindOf, repeatableKinds } from "../../state/repeatable-names.ts";
import type { Paint } from "../output.ts";
import { paintState } from "./paint.ts";

/** One row for each kind if all of it is applied, otherwise one for each that is not. */
export function repeatableRows({ repeatables }: Plan, paint: Paint): string[][] {
  return repeatableKinds.flatMap((kind) => {
    const own = repeatables.filter((each) => each.kind === kind);
    if (own.length === 0) return [];
    const groups = Map.groupBy(own, ({ state }) => state);
    const [state] = groups.keys();
    const applied = (groups.get("applied")?.length ?? 0) + (groups.get("unrecorded")?.length ?? 0);
    const count = `${applied}/${own.length}`;
    if (groups.size === 1 && state !== undefined) return [[kind, paintState(paint, state), count, "", ""]];
    const odd = own.filter((each) => each.state !== "applied");
    const few =
      odd.length <= 5 ? odd.map(({ name, state: is }) => [`  ${name}`, paintState(paint, is), "", "", ""]) : [];
    return [[kind, [...groups.keys()].map((each) => paintState(paint, each)).join(", "), count, "", ""], ...few];
  });
}

/** "21 procedures, 3 rows of SchemaStatus": what an `up`, with or without --repair, would change. */
export function repeatablesToChange({ repeatables }: Plan, repair: boolean): string {
  const changing = repeatables.filter((each) => isRepeatableDue(each, repair) && each.state !== "unrecorded");
  return countRepeatables(changing).join(", ");
}

/** "privileges of 3 roles": what has the wanted form already, so that an `up` only records it. */
export function repeatablesToRecord(plan: Plan): string {
  return repeatablesIn(plan, "unrecorded");
}

/** "21 procedures, privileges of 3 roles to record": all that an `up`, with or without --repair, does after the migrations. */
export function repeatablesSummary(plan: Plan, repair: boolean): string {
  const [changed, recorded] = [repeatablesToChange(plan, repair), repeatablesToRecord(plan)];
  return [changed, recorded === "" ? "" : `${recorded} to record (no change needed)`]
    .filter((each) => each !== "")
    .join(", ");
}

/** The same for the repeatables in one state. */
export function repeatablesIn({ repeatables }: Plan, state: RepeatableState): string {
  return countRepeatables(repeatables.filter((each) => each.state === state)).join(", ");
}

/** The same for names of what was done. */
export function countKinds(names: readonly string[]): string[] {
  return repeatableKinds.flatMap((kind) => {
    const count = names.filter((name) => kindOf(name) === kind).length;
    return count === 0 ? [] : [countOfKind(kind, count)];
  });
}

/** "; skipped: 1 migration, 2 procedures", or nothing. */
export function withoutSkipped(plan: Plan): string {
  const count = plan.migrations.filter(({ state }) => state === "skipped").length;
  const more = repeatablesIn(plan, "skipped");
  const skipped = [...(count === 0 ? [] : [plural(count, "migration")]), ...(more === "" ? [] : [more])];
  return skipped.length === 0 ? "" : `; skipped: ${skipped.join(", ")}`;
}

// --- internal ---

function countRepeatables(repeatables: readonly PlannedRepeatable[]): string[] {
  return countKinds(repeatables.map(({ name }) => name));
}

function countOfKind(kind: RepeatableKind, count: number): string {
  if (kind === "SchemaStatus") return `${plural(count, "row")} of SchemaStatus`;
  return kind === "procedures" ? plural(count, "procedure") : `privileges of ${plural(count, "role")}`;
}
