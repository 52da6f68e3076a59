/**
 * Temporal columns in the format of MariaDB 10.0 and earlier: the server changes such a table only by copying it (1846).
 * Without this check the run would meet them half-way, one table after the other.
 */
import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import { findTable } from "../model.ts";
import { absentSteps } from "../plan/plan.ts";
import { id } from "../sql.ts";
import type { Subject } from "./check.ts";

/** Throws CONFLICT if a pending step would alter such a table online. */
export function assertNoOldTemporals({ plan: { catalog, migrations }, retry }: Subject): void {
  const altered = absentSteps(migrations).flatMap(({ statement }) =>
    statement?.online === undefined || statement.online.algorithm === "COPY" ? [] : statement.locks.slice(0, 1),
  );
  const old = [...new Set(altered)].filter((name) => findTable(catalog, name)?.oldTimes === true);
  if (old.length === 0) return;
  throw new MigrateError(
    "CONFLICT",
    "tables have date and time columns in the old format of MariaDB 10.0, so they cannot be changed online",
    {
      where: catalog.database,
      found: old,
      wanted: "tables that were rebuilt on MariaDB 10.1 or newer",
      done: "nothing was changed",
      next: [
        ...old.map(
          (name) => `ALTER TABLE ${id(name)} FORCE;   -- at a quiet time: copies the table, and its writers wait`,
        ),
        withNote(retry, "afterwards"),
      ],
    },
  );
}
