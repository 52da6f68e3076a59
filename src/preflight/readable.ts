/**
 * A table whose definition can be read may still have no usable rows: its tablespace was discarded, its file is gone or
 * damaged. An ALTER would find out in the middle of a run.
 */
import type { Db } from "../db/db.ts";
import { ServerError, isAccessDenied, isLockTimeout } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { findTable } from "../model.ts";
import { absentSteps } from "../plan/plan.ts";
import { id } from "../sql.ts";
import type { Subject } from "./check.ts";

/** Throws CONFLICT if the server cannot open a table that a pending statement changes or refers to. Needs only SELECT. */
export async function assertReadableTables(db: Db, { plan, retry }: Subject): Promise<void> {
  const used = absentSteps(plan.migrations).flatMap(({ statement }) => [
    ...(statement?.locks ?? []),
    ...(statement?.reads === undefined ? [] : [statement.reads]),
  ]);
  for (const name of new Set(used)) {
    const table = findTable(plan.catalog, name);
    const refusal = table === undefined ? undefined : await refusalOf(db, table.name);
    if (table === undefined || refusal === undefined) continue;
    throw new MigrateError("CONFLICT", `the server cannot read table ${table.name}`, {
      where: `${db.database}.${table.name}`,
      found: `${refusal.message} (error ${refusal.code})`,
      wanted: "a table that can be read: pending migrations change it or refer to it",
      done: "nothing was changed",
      next: [
        `CHECK TABLE ${id(table.name)};   -- the server's own finding`,
        `restore the table from a backup; if its file is there: ALTER TABLE ${id(table.name)} IMPORT TABLESPACE;`,
        retry,
      ],
    });
  }
}

// --- internal ---

/** Why the first row cannot be read; undefined if it can, or if only a lock or a privilege is in the way. */
async function refusalOf(db: Db, table: string): Promise<ServerError | undefined> {
  try {
    await db.rows(`SELECT 1 FROM ${id(table)} LIMIT 1`);
    return undefined;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return isLockTimeout(error) || isAccessDenied(error) ? undefined : error;
  }
}
