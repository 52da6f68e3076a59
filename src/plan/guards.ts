import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Place, spellPlace } from "../run/step-ref.ts";
import type { Guard } from "../steps/contract.ts";

/** What is said of the rows that a guard counted. */
interface Words {
  readonly place: Place;
  /** What became of the step. */
  readonly done: string;
  /** The command that goes on once they are mended. */
  readonly again: string;
}

/** Throws what `orphans` makes of it where the guard counts anything. */
export async function refuseOrphans(db: Db, guard: Guard, words: Words): Promise<void> {
  const found = await countOrphans(db, guard);
  if (found > 0) throw orphans(guard, found, words);
}

export async function countOrphans(db: Db, guard: Guard): Promise<number> {
  const [row] = await db.rows<{ n: number }>(guard.sql);
  return Number(row?.n ?? 0);
}

/** ORPHANS; where a column is changed, it is its NULLs that are counted, and they are a CONFLICT. */
export function orphans(guard: Guard, found: number, { place, done, again }: Words): MigrateError {
  const code = place.step.kind === "changeColumn" ? "CONFLICT" : "ORPHANS";
  return new MigrateError(code, `${found} ${guard.counts}`, {
    where: spellPlace(place),
    done,
    next: [`look at them: ${guard.sql.replace("COUNT(*) AS n", "child.*")};`, guard.mend, again],
  });
}
