/** What keeps a `down` from beginning, or from undoing a step. */
import { type Difference, formatDifference, formatObject } from "../catalog/difference.ts";
import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { counted, plural } from "../plural.ts";
import type { Undo } from "../steps/contract.ts";
import { type StepRef, describeStepRef } from "../steps/step-ref.ts";
import type { UncountedStep } from "./down-step.ts";
import type { Plan } from "./read-plan.ts";

/** Throws CONFLICT if rows prevent the undo of this step; `gone` are conditions of rows that will be deleted before. */
export async function assertFitsOldColumn(
  db: Db,
  ref: StepRef,
  { refusals = [] }: Undo,
  gone: (table: string) => readonly string[] = () => [],
): Promise<void> {
  for (const { counts, sql: all, table } of refusals) {
    const sql = [all, ...gone(table).map((condition) => `NOT (${condition})`)].join(" AND ");
    const n = await count(db, sql);
    if (n === 0) continue;
    throw new MigrateError("CONFLICT", `cannot undo ${describeStepRef(ref)} while other rows refer to its rows`, {
      where: db.database,
      found: counted(n, counts),
      done: "this step was not begun",
      next: [`look at them: ${sql};`, "change or delete them, then run the same command again"],
    });
  }
}

/** Throws CONFLICT for a .sql file without a file beside it that says how to go back. */
export function assertWaysBack({ migrations, catalog }: Plan, steps: readonly UncountedStep[]): void {
  const without = steps.filter(
    ({ step, undo: way }) => step.kind === "sqlStatement" && way !== undefined && step.undo === undefined,
  );
  const names = [...new Set(without.map(({ migration }) => migration))];
  const [first] = names;
  if (first === undefined) return;
  const planned = migrations.find(({ migration }) => migration.name === first);
  const file = planned?.migration.file?.replace(/\.sql$/, ".down.sql") ?? "";
  throw new MigrateError("CONFLICT", `cannot undo ${first}: nothing says how`, {
    where: catalog.database,
    found: `${names.join(", ")}: a .sql file without a .down.sql beside it`,
    done: "nothing was changed",
    next: [
      `write ${file} with ${plural(planned?.steps.length ?? 0, "statement")}: the first undoes the last of the .sql, and so on. Where nothing has to be undone, write: DO 0;`,
      "then run the same command again",
    ],
  });
}

/** Throws CONFLICT if other objects depend on what would be dropped, or if it was changed by hand. */
export function assertNotBlocked(plan: Plan, steps: readonly UncountedStep[], elsewhere: readonly Difference[]): void {
  const blocked = [...steps.flatMap((step) => step.undo?.blocked ?? []), ...elsewhere];
  if (blocked.length === 0) return;
  const first = steps.find((step) => (step.undo?.blocked.length ?? 0) > 0);
  const what = first === undefined ? "what other databases refer to" : describeStepRef(first);
  // What was not expected at all is the facility's own; the rest are changes to what this tool created.
  const own = [...new Set(blocked.filter(({ expected }) => expected === undefined).map(formatObject))];
  // `verify` reports these, most of them with a statement; the rest is only in the way of an undo.
  const reported = new Set(verdictsOf(plan).map(formatDifference));
  const changed = blocked.filter(({ expected }) => expected !== undefined).map(formatDifference);
  const byVerify = changed.filter((each) => reported.has(each));
  throw new MigrateError("CONFLICT", `cannot undo ${what}`, {
    where: plan.catalog.database,
    found: [...new Set(blocked.map(formatDifference))],
    done: "nothing was changed",
    next: [
      ...(own.length === 0 ? [] : [`drop ${own.join(", ")}`]),
      ...(byVerify.length === changed.length ? [] : ["change by hand what is found above"]),
      ...(byVerify.length === 0 ? [] : [hint("verify", { note: "prints how to undo these changes" })]),
      "afterwards run the same command again",
    ],
  });
}

// --- internal ---

function verdictsOf({ migrations }: Plan): Difference[] {
  const verdicts = migrations.flatMap(({ steps }) => steps.map(({ verdict }) => verdict));
  return verdicts.flatMap((verdict) =>
    verdict.state === "conflict" ? verdict.conflicts.map(({ difference }) => difference) : [],
  );
}
