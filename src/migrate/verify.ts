/** The live schema held against what the migrations describe: every step is looked at, recorded or not. */
import { spellDifference } from "./preflight.ts";
import type { Survey, SurveyedStep } from "./survey.ts";

export interface Finding {
  readonly migration: string;
  /** What is missing or different, in a sentence. */
  readonly what: string;
  /** The statement, or the command, that mends it. */
  readonly repair: string;
}

export interface Verification {
  readonly differences: readonly Finding[];
  /** The facility's own additions, and older forms that clients can live with. */
  readonly notices: readonly string[];
}

export function verify(found: Survey): Verification {
  const steps = found.migrations.flatMap(({ migration, recorded, steps: each }) =>
    each.map((step) => ({ migration: migration.name, applied: recorded !== undefined, step })),
  );
  return {
    differences: steps.flatMap(({ migration, applied, step }) => findings(migration, applied, step)),
    notices: steps.flatMap(({ step }) =>
      step.verdict.state === "absent" ? [] : step.verdict.notices.map(spellDifference),
    ),
  };
}

function findings(migration: string, applied: boolean, { verdict, title, statement }: SurveyedStep): Finding[] {
  if (verdict.state === "present") return [];
  if (verdict.state === "absent") {
    const session = Object.entries(statement?.session ?? {}).map(([name, value]) => `SET SESSION ${name} = ${value}; `);
    const repair = applied ? `${session.join("")}${statement?.sql};` : "ispyb-migrate up";
    return [{ migration, what: `missing: ${title}`, repair }];
  }
  return verdict.conflicts.map((conflict) => ({
    migration,
    what: spellDifference(conflict.difference),
    repair: conflict.repair ?? "compare with the plan: ispyb-migrate plan",
  }));
}
