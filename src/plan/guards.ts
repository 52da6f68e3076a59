import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import type { Hint } from "../hint.ts";
import { counted } from "../plural.ts";
import { type StepRef, formatStepRef } from "../run/step-ref.ts";
import type { Guard } from "../steps/contract.ts";

/** What an error says about the rows that a guard counted. */
interface Words {
  readonly ref: StepRef;
  /** What happened to the step. */
  readonly done: string;
  /** The command that continues once the rows are fixed. */
  readonly retry: Hint;
}

/** Throws the error of `orphans` if the guard counts any row. */
export async function assertNoOrphans(db: Db, guard: Guard, words: Words): Promise<void> {
  const orphanCount = await countOrphans(db, guard);
  if (orphanCount > 0) throw orphans(guard, orphanCount, words);
}

export async function countOrphans(db: Db, guard: Guard): Promise<number> {
  return count(db, guard.sql);
}

/** ORPHANS; CONFLICT for NULLs of a column that becomes NOT NULL. */
export function orphans(guard: Guard, orphanCount: number, { ref, done, retry }: Words): MigrateError {
  const code = ref.step.kind === "changeColumn" ? "CONFLICT" : "ORPHANS";
  return new MigrateError(code, counted(orphanCount, guard.counts), {
    where: formatStepRef(ref),
    done,
    next: [`look at them: ${guard.sql.replace("COUNT(*) AS n", "child.*")};`, guard.fix, retry],
  });
}
