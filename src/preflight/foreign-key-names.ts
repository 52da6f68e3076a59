/**
 * The name of a foreign key is unique in its database, not only in its table: a renamed table keeps the names of
 * its keys, and the server then refuses ours (errno 121).
 */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Catalog, sameName } from "../model.ts";
import type { PlannedStep } from "../plan/plan.ts";
import { asideTablesOf } from "../plan/set-aside.ts";
import { id, placeholders } from "../sql.ts";
import { foreignKeySteps } from "../steps/index.ts";
import type { AddForeignKey } from "../steps/step.ts";
import type { Plan } from "../plan/read-plan.ts";
import type { Subject } from "./check.ts";

export interface Taken {
  readonly name: string;
  readonly table: string;
  /** The table's name among ours, if only capitals differ. */
  readonly spelled: string | undefined;
}

/** Throws CONFLICT if a missing foreign key has the name of another table's foreign key. Needs only SELECT. */
export async function assertFreeForeignKeyNames(db: Db, { plan, retry }: Subject): Promise<void> {
  const taken = await takenForeignKeyNames(db, plan);
  const [first] = taken;
  if (first === undefined) return;
  throw new MigrateError("CONFLICT", "another table already has a foreign key of this name", {
    where: `${db.database}.${first.table}`,
    found: taken.map((row) => `${row.table} has a foreign key ${row.name}`),
    done: "nothing was changed",
    next: [...new Set(taken.map(adviceOnTaken)), retry],
  });
}

/** Foreign keys of other tables that have the name of a missing one. */
export async function takenForeignKeyNames(db: Db, plan: Plan): Promise<Taken[]> {
  const steps = plan.migrations.filter(({ state }) => state !== "skipped").flatMap((each) => each.steps);
  const wanted = steps.flatMap((step) =>
    keysToAdd(step).map((key) => ({ name: key.foreignKey.name, own: [key.table, ...asideTablesOf(step.step)] })),
  );
  if (wanted.length === 0) return [];
  const rows = await db.rows<{ name: string; table: string }>(
    "SELECT DISTINCT CONSTRAINT_NAME AS name, TABLE_NAME AS `table` FROM information_schema.KEY_COLUMN_USAGE " +
      `WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL AND CONSTRAINT_NAME IN (${placeholders(wanted)})`,
    wanted.map((key) => key.name),
  );
  const own = wanted.flatMap((key) => key.own);
  return rows
    .filter((row) =>
      wanted.some((key) => sameName(key.name, row.name) && !key.own.some((table) => isTable(table, row, plan.catalog))),
    )
    .map((row) => ({ ...row, spelled: own.find((each) => sameName(each, row.table)) }));
}

/** Of an absent step all; of a table that lacks some of them, these. */
function keysToAdd({ step, verdict }: PlannedStep): readonly AddForeignKey[] {
  if (verdict.state === "absent") return foreignKeySteps(step);
  if (verdict.state === "present") return [];
  const added = verdict.conflicts.filter(
    ({ add, difference }) => add !== undefined && difference.part === "foreign key",
  );
  return foreignKeySteps(step).filter(({ foreignKey, table }) =>
    added.some(({ difference }) => sameName(difference.object, `${table}.${foreignKey.name}`)),
  );
}

/** What frees the name. */
export function adviceOnTaken({ name, spelled, table }: Taken): string {
  return spelled === undefined
    ? `ALTER TABLE ${id(table)} DROP FOREIGN KEY ${id(name)};   -- then add it again under another name, or drop the table if it is not needed`
    : `RENAME TABLE ${id(table)} TO ${id(spelled)};   -- clients on this server look for it in this spelling`;
}

/** A server with lower_case_table_names = 0 has `processingjob` beside `ProcessingJob`. */
function isTable(name: string, { table }: Pick<Taken, "table">, { lowerCaseTableNames }: Catalog): boolean {
  return lowerCaseTableNames === 0 ? name === table : sameName(name, table);
}
