/** Compares the live schema with what the migrations describe: every step, recorded or not. */
import { type Difference, formatDifference } from "../catalog/difference.ts";
import type { Db } from "../db/db.ts";
import { type Hint, type Next, hint } from "../hint.ts";
import { countForbidden } from "../plan/guards.ts";
import type { PlannedStep } from "../plan/plan.ts";
import { type Plan, factsOfPlan } from "../plan/read-plan.ts";
import { counted } from "../plural.ts";
import type { PlannedRepeatable } from "../repeatables/repeatable.ts";
import { skipCommand } from "../state/skips.ts";
import { foreignKeySteps, guard, missing } from "../steps/index.ts";
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
  /** True for a difference that may stay: clients accept this form. */
  readonly accepted?: true;
  readonly hint?: Hint;
}

export interface Verification {
  readonly differences: readonly Finding[];
  /** The facility's own additions, older forms that clients accept, and what is skipped. */
  readonly notices: readonly Notice[];
  /** What this account cannot see: neither equal nor different. */
  readonly notVisible: readonly NotVisible[];
}

export interface NotVisible {
  readonly problem: string;
  /** The statement that shows it to this account. */
  readonly next: string;
}

export function verify(plan: Plan): Verification {
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
      ...steps.flatMap(({ step }) => (step.verdict.state === "absent" ? [] : step.verdict.notices.map(noticeOf))),
      ...skippedNotices(plan),
    ],
    notVisible: [...new Map(plan.repeatables.flatMap(unseen).map((each) => [each.problem, each])).values()],
  };
}

const repairing = hint("up", { options: { repair: true } });

function findings(name: string, applied: boolean, step: PlannedStep): Finding[] {
  const { verdict, statement } = step;
  if (verdict.state === "present") return [];
  if (verdict.state === "absent") {
    // A step that is joined to another has no statement of its own.
    const repair = statement === undefined ? [repairing] : scriptOf(statement);
    return missing(step.step, verdict).map((what) => ({ name, what, repair: applied ? repair : [hint("up")] }));
  }
  return verdict.conflicts.map(({ difference, add, change }) => {
    // A foreign table with our name is not ours to change.
    const what = formatDifference(difference);
    if (add !== undefined) return { name, what, repair: scriptOf(add) };
    return { name, what, repair: applied && change !== undefined ? strictly(scriptOf(change)) : [] };
  });
}

function repeatableFindings({ name, live, state, title }: PlannedRepeatable): Finding[] {
  if (state === "skipped") return [];
  if (live.state === "impossible") {
    const repair = [skipCommand([name])];
    return [{ name, what: `${title} ${live.problem}`, repair }];
  }
  if (!("change" in live)) return [];
  const repair = [state === "drift" ? repairing : hint("up")];
  const what = live.differences.map(formatDifference);
  return (what.length === 0 ? [`the last change of ${title} was not finished`] : what).map((each) => ({
    name,
    what: each,
    repair,
  }));
}

function unseen({ live, state }: PlannedRepeatable): NotVisible[] {
  return live.state === "hidden" && state !== "skipped" ? [{ problem: live.problem, next: live.next }] : [];
}

function noticeOf(difference: Difference): Notice {
  const what = formatDifference(difference);
  return difference.aspect === "left over" ? { what } : { what, accepted: true };
}

/** "skipped: NAME, because …", once for each skip, with the command that applies it after all. */
export function skippedNotices({ migrations, repeatables }: Pick<Plan, "migrations" | "repeatables">): Notice[] {
  const skipped = [...migrations, ...repeatables].flatMap(({ reason, state }) =>
    state === "skipped" && reason !== undefined ? [reason] : [],
  );
  return [...Map.groupBy(skipped, ({ by }) => by)].map(([by, reasons]) => ({
    what: `skipped: ${by}${reasons.length === 1 ? "" : ` (${reasons.length})`}, because: ${reasons[0]?.text ?? ""}`,
    hint: hint("up", { options: { unskip: by }, note: "applies it" }),
  }));
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
