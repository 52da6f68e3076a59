import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import type { Hint } from "../hint.ts";
import { type StepRef, formatStepRef } from "../run/step-ref.ts";
import type { Guard } from "../steps/contract.ts";

/** What is said of the rows that a guard counted. */
interface Words {
  readonly ref: StepRef;
  /** What became of the step. */
  readonly done: string;
  /** The command that goes on once they are mended. */
  readonly retry: Hint;
}

/** Throws what `orphans` makes of it where the guard counts anything. */
export async function assertNoOrphans(db: Db, guard: Guard, words: Words): Promise<void> {
  const orphanCount = await countOrphans(db, guard);
  if (orphanCount > 0) throw orphans(guard, orphanCount, words);
}

export async function countOrphans(db: Db, guard: Guard): Promise<number> {
  return count(db, guard.sql);
}

/** ORPHANS; where a column is changed, it is its NULLs that are counted, and they are a CONFLICT. */
export function orphans(guard: Guard, orphanCount: number, { ref, done, retry }: Words): MigrateError {
  const code = ref.step.kind === "changeColumn" ? "CONFLICT" : "ORPHANS";
  return new MigrateError(code, `${orphanCount} ${guard.counts}`, {
    where: formatStepRef(ref),
    done,
    next: [`look at them: ${guard.sql.replace("COUNT(*) AS n", "child.*")};`, guard.mend, retry],
  });
}
