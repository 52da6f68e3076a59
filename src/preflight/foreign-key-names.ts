/**
 * The name of a foreign key is unique in its database, not only in its table: a renamed table keeps the names of
 * its keys, and the server then refuses ours (errno 121).
 */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Catalog, sameName } from "../model.ts";
import { absentSteps } from "../plan/plan.ts";
import { asideTablesOf } from "../plan/set-aside.ts";
import { id, placeholders } from "../sql.ts";
import { foreignKeySteps } from "../steps/index.ts";
import type { Subject } from "./check.ts";

/** Throws CONFLICT if a pending foreign key has the name of another table's foreign key. Needs only SELECT. */
export async function assertFreeForeignKeyNames(db: Db, { plan, retry }: Subject): Promise<void> {
  const wanted = absentSteps(plan.migrations).flatMap(({ step }) =>
    foreignKeySteps(step).map((key) => ({ name: key.foreignKey.name, own: [key.table, ...asideTablesOf(step)] })),
  );
  if (wanted.length === 0) return;
  const rows = await db.rows<{ name: string; table: string }>(
    "SELECT DISTINCT CONSTRAINT_NAME AS name, TABLE_NAME AS `table` FROM information_schema.KEY_COLUMN_USAGE " +
      `WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL AND CONSTRAINT_NAME IN (${placeholders(wanted)})`,
    wanted.map((key) => key.name),
  );
  const taken = rows.filter((row) =>
    wanted.some((key) => sameName(key.name, row.name) && !key.own.some((table) => isTable(table, row, plan.catalog))),
  );
  const [first] = taken;
  if (first === undefined) return;
  throw new MigrateError("CONFLICT", "another table already has a foreign key of this name", {
    where: `${db.database}.${first.table}`,
    found: taken.map((row) => `${row.table} has a foreign key ${row.name}`),
    done: "nothing was changed",
    next: [...new Set(taken.map((row) => adviceOn(row, wanted))), retry],
  });
}

interface Taken {
  readonly name: string;
  readonly table: string;
}

/** A server with lower_case_table_names = 0 has `processingjob` beside `ProcessingJob`. */
function isTable(name: string, { table }: Taken, { lowerCaseTableNames }: Catalog): boolean {
  return lowerCaseTableNames === 0 ? name === table : sameName(name, table);
}

function adviceOn({ name, table }: Taken, wanted: readonly { readonly own: readonly string[] }[]): string {
  const spelled = wanted.flatMap(({ own }) => own).find((each) => sameName(each, table));
  return spelled === undefined
    ? `ALTER TABLE ${id(table)} DROP FOREIGN KEY ${id(name)};   -- then add it again under another name, or drop the table if it is not needed`
    : `RENAME TABLE ${id(table)} TO ${id(spelled)};   -- clients on this server look for it in this spelling`;
}
