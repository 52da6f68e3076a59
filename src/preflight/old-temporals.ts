/**
 * Times in the format of before MariaDB 10.1: the server takes no change of such a table but a copy
 * (1846). Seen only in the middle of a run otherwise, and of one table after the other.
 */
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { findTable } from "../model.ts";
import type { PlannedStep } from "../plan/plan.ts";
import type { Plan } from "../plan/read-plan.ts";
import { id } from "../sql.ts";

/** Throws CONFLICT where one of these steps would alter such a table online. */
export function assertNoOldTemporals({ catalog }: Plan, absent: readonly PlannedStep[]): void {
  const altered = absent.flatMap(({ statement }) =>
    statement?.online === undefined || statement.online.algorithm === "COPY" ? [] : statement.locks.slice(0, 1),
  );
  const old = [...new Set(altered)].filter((name) => findTable(catalog, name)?.oldTimes === true);
  if (old.length === 0) return;
  throw new MigrateError("CONFLICT", "tables hold times in the format of before MariaDB 10.1, and can only be copied", {
    where: catalog.database,
    found: old,
    wanted: "tables that were written anew since; then every change of them is made online",
    done: "nothing was changed",
    next: [
      ...old.map((name) => `ALTER TABLE ${id(name)} FORCE;   # at a quiet time: copies the table, its writers wait`),
      hint("up", { note: "afterwards" }),
    ],
  });
}
