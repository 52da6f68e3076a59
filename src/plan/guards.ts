import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, withNote } from "../hint.ts";
import { counted } from "../plural.ts";
import type { Guard } from "../steps/contract.ts";
import { type StepRef, formatStepRef } from "../steps/step-ref.ts";

/** What an error says about the rows that a guard counted. */
interface Words {
  readonly ref: StepRef;
  /** What happened to the step. */
  readonly done: string;
  /** The command that continues once the rows are fixed. */
  readonly retry: Hint;
}

/** Throws the error of `orphans` if the guard counts any row. */
export async function assertNoneForbidden(db: Db, guard: Guard, words: Words): Promise<void> {
  const rows = await countForbidden(db, guard);
  if (rows > 0) throw guardFailure(guard, rows, words);
}

/** The number of rows that must not exist before or after the statement: orphans, or NULLs of a column that becomes NOT NULL. */
export async function countForbidden(db: Db, guard: Guard): Promise<number> {
  return count(db, guard.sql);
}

/** The error of a guard that counted rows: ORPHANS; CONFLICT for NULLs of a column that becomes NOT NULL. */
export function guardFailure(guard: Guard, rows: number, { ref, done, retry }: Words): MigrateError {
  const code = ref.step.kind === "changeColumn" ? "CONFLICT" : "ORPHANS";
  return new MigrateError(code, counted(rows, guard.counts), {
    where: formatStepRef(ref),
    done,
    next: [
      `look at them: ${guard.sql.replace("COUNT(*) AS n", "child.*")};`,
      ...guard.fix,
      withNote(retry, "afterwards"),
    ],
  });
}
