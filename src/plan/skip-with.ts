/**
 * What a skip takes with it: the migrations and procedures that need what is skipped. Found by planning again, as often as
 * the skips grow: pure, no server is asked.
 */
import { lackingFor } from "../repeatables/procedures/wanted.ts";
import { nameOf } from "../state/repeatable-names.ts";
import { type Skip, applySkip, isSkipped, reasonOf } from "../state/skips.ts";
import { type PlannedMigrations, isInConflict, planMigrations } from "./plan.ts";
import { type Plan, factsOfPlan } from "./read-plan.ts";

/**
 * These names and all that cannot be applied without them, so that an `up` with this skip goes through. Undefined if one
 * of them is applied already: it cannot be skipped.
 */
export function skippedTogether(plan: Plan, names: readonly string[]): readonly string[] | undefined {
  const chosen = new Set(names);
  for (;;) {
    const planned = planWith(plan, { names: [...chosen], reason: "WHY" });
    const blocked = planned.migrations.filter(isInConflict);
    if (blocked.length === 0) return [...chosen, ...unfitProcedures(plan, planned, chosen)];
    if (blocked.some(({ entry, migration }) => entry !== undefined || chosen.has(migration.name))) return undefined;
    for (const { migration } of blocked) chosen.add(migration.name);
  }
}

/** These skipped names and the skipped ones that they need. Undefined if they cannot be applied, not even together. */
export function appliedTogether(plan: Plan, names: readonly string[]): readonly string[] | undefined {
  if (!planWith(plan, { names }).migrations.some(isInConflict)) return names;
  const skipped = plan.context.entries.filter(isSkipped).map(({ migration }) => migration);
  const more = skipped.filter((name) => !names.includes(name) && plan.migrations.some((each) => isOf(each, name)));
  const last = more.findLast((name) => !planWith(plan, { names: [...names, name] }).migrations.some(isInConflict));
  if (last !== undefined) return [...names, last];
  return planWith(plan, { names: [...names, ...more] }).migrations.some(isInConflict) ? undefined : [...names, ...more];
}

// --- internal ---

function isOf({ migration }: Plan["migrations"][number], name: string): boolean {
  return migration.name === name;
}

/** The same database, planned with one more skip, or without one. */
function planWith(plan: Plan, skip: Skip): PlannedMigrations {
  const migrations = plan.migrations.map(({ migration }) => migration);
  return planMigrations(migrations, migrations, applySkip(plan.context.entries, skip), factsOfPlan(plan));
}

/** Names of the procedures that would lack a column, and are not skipped yet. */
function unfitProcedures({ context }: Plan, { after }: PlannedMigrations, chosen: ReadonlySet<string>): string[] {
  if (!context.isWhole || chosen.has("procedures")) return [];
  return context.procedures
    .filter((source) => lackingFor(source, context.procedures, after).length > 0)
    .map((source) => nameOf("procedures", source.name))
    .filter((name) => !chosen.has(name) && reasonOf(context.entries, name) === undefined);
}
