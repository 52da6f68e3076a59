import type { Db } from "../db/db.ts";
import { countForbidden } from "../plan/guards.ts";
import { type Plan, factsOfPlan } from "../plan/read-plan.ts";
import { counted } from "../plural.ts";
import { foreignKeySteps, guard } from "../steps/index.ts";
import type { Finding } from "./finding.ts";

/**
 * Rows without a parent in spite of a foreign key: written while foreign_key_checks was off. Reads the whole indexes
 * of the keys.
 */
export async function findOrphans(db: Db, plan: Plan): Promise<Finding[]> {
  const facts = factsOfPlan(plan);
  const orphaned: Finding[] = [];
  for (const { migration, steps } of plan.migrations.filter(({ state }) => state !== "skipped")) {
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
