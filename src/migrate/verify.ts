/** Compares the live schema with what the migrations describe: every step, recorded or not. */
import { formatDifference } from "../catalog/difference.ts";
import type { Db } from "../db/db.ts";
import { type Hint, type Next, hint } from "../hint.ts";
import { countForbidden } from "../plan/guards.ts";
import type { PlannedMigration, PlannedStep } from "../plan/plan.ts";
import { type Plan, factsOfPlan } from "../plan/read-plan.ts";
import { counted } from "../plural.ts";
import type { PlannedRepeatable } from "../repeatables/repeatable.ts";
import { skipCommand } from "../state/skips.ts";
import { foreignKeySteps, guard } from "../steps/index.ts";
import { scriptOf } from "../steps/script-of-statement.ts";

export interface Finding {
  /** Name of the migration, procedure, row or role. */
  readonly name: string;
  /** What is missing or different, in one sentence. */
  readonly what: string;
  /** The statements or the command that fix it; none if a person has to decide. */
  readonly repair: readonly Next[];
}

/** A sentence, for some with the command that ends the matter. */
export interface Notice {
  readonly what: string;
  readonly hint?: Hint;
}

export interface Verification {
  readonly differences: readonly Finding[];
  /** The facility's own additions, older forms that clients accept, and what is skipped. */
  readonly notices: readonly Notice[];
  /** What this account cannot see: neither equal nor different. */
  readonly notVisible: readonly string[];
}

export function verify(plan: Plan): Verification {
  const skipped = [...plan.migrations, ...plan.repeatables].filter(({ state }) => state === "skipped");
  const steps = plan.migrations
    .filter((each) => each.state !== "skipped")
    .flatMap(({ migration, entry, steps: each }) =>
      each.map((step) => ({ name: migration.name, applied: entry !== undefined, step })),
    );
  const ofSteps = steps.flatMap(({ name, applied, step }) => findings(name, applied, step));
  // A procedure that lacks a column is not reported: the column is.
  const repeatables = plan.repeatables.filter(({ state }) => state !== "impossible" || ofSteps.length === 0);
  return {
    differences: [...ofSteps, ...repeatables.flatMap(repeatableFindings)],
    notices: [
      ...steps.flatMap(({ step }) =>
        step.verdict.state === "absent" ? [] : step.verdict.notices.map((each) => ({ what: formatDifference(each) })),
      ),
      ...skipped.map(skippedNotice),
    ],
    notVisible: [...new Set(plan.repeatables.flatMap(unseen))],
  };
}

const repairing = hint("up", { options: { repair: true } });

function findings(name: string, applied: boolean, step: PlannedStep): Finding[] {
  const { verdict, title, statement } = step;
  if (verdict.state === "present") return [];
  if (verdict.state === "absent") {
    // A step that is joined to another has no statement of its own.
    const repair = statement === undefined ? [repairing] : scriptOf(statement);
    return [{ name, what: `missing: ${title}`, repair: applied ? repair : [hint("up")] }];
  }
  return verdict.conflicts.map(({ difference, add, change }) => {
    // A foreign table with our name is not ours to change.
    const what = formatDifference(difference);
    if (add !== undefined) return { name, what, repair: scriptOf(add) };
    return { name, what, repair: applied && change !== undefined ? strictly(scriptOf(change)) : [] };
  });
}

function repeatableFindings({ name, live, state }: PlannedRepeatable): Finding[] {
  if (state === "skipped") return [];
  if (live.state === "impossible") {
    const repair = [skipCommand([name])];
    return [{ name, what: `${name} ${live.problem}`, repair }];
  }
  if (!("change" in live)) return [];
  const repair = [state === "drift" ? repairing : hint("up")];
  const what = live.differences.map(formatDifference);
  return (what.length === 0 ? [`${name}: its last change was not finished`] : what).map((each) => ({
    name,
    what: each,
    repair,
  }));
}

function unseen({ live, state }: PlannedRepeatable): string[] {
  return live.state === "hidden" && state !== "skipped" ? [`${live.problem}; ${live.next}`] : [];
}

/** "skipped: NAME, because …", with the command that applies it after all. */
export function skippedNotice(each: PlannedMigration | PlannedRepeatable): Notice {
  const name = "migration" in each ? each.migration.name : each.name;
  const { by, text } = each.reason ?? { by: name, text: "" };
  return {
    what: `skipped: ${name}, because: ${text}`,
    hint: hint("up", { options: { unskip: by }, note: "applies it" }),
  };
}

/** A strict session refuses to truncate values that no longer fit into the column. */
function strictly(script: readonly string[]): string[] {
  return [
    "-- at a quiet time: may copy the table and block its writers",
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES';",
    ...script,
    "SET SESSION sql_mode = DEFAULT;",
  ];
}

/**
 * Rows without a parent in spite of a foreign key: written while foreign_key_checks was off. Reads the whole indexes
 * of the keys.
 */
export async function findOrphans(db: Db, plan: Plan): Promise<Finding[]> {
  const facts = factsOfPlan(plan);
  const orphaned: Finding[] = [];
  for (const { migration, steps } of plan.migrations) {
    for (const key of steps
      .filter(({ verdict }) => verdict.state === "present")
      .flatMap(({ step }) => foreignKeySteps(step))) {
      const guarded = guard(key, facts);
      const rows = guarded === undefined ? 0 : await countForbidden(db, guarded);
      if (guarded !== undefined && rows > 0) {
        orphaned.push({ name: migration.name, what: counted(rows, guarded.counts), repair: [] });
      }
    }
  }
  return orphaned;
}
