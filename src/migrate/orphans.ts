import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import type { Guard } from "../steps/contract.ts";

/** Throws ORPHANS where the guard counts anything; `where` names the step, `done` what became of it. */
export async function refuseOrphans(db: Db, guard: Guard, where: string, done: string): Promise<void> {
  const found = await countOrphans(db, guard);
  if (found > 0) throw orphans(guard, found, where, done);
}

export async function countOrphans(db: Db, guard: Guard): Promise<number> {
  const [row] = await db.rows<{ n: number }>(guard.sql);
  return Number(row?.n ?? 0);
}

export function orphans(guard: Guard, found: number, where: string, done: string): MigrateError {
  return new MigrateError("ORPHANS", `${found} ${guard.counts}`, {
    where,
    done,
    next: [`look at them: ${guard.sql.replace("COUNT(*) AS n", "child.*")};`, guard.mend, "ispyb-migrate up"],
  });
}
