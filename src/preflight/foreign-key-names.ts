/**
 * A foreign key's name is unique in its database, not in its table: a table that was renamed away
 * still holds the names of its keys, and the server then refuses ours (errno 121).
 */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { sameName } from "../model.ts";
import { asideTablesOf } from "../plan/set-aside.ts";
import { id } from "../sql.ts";
import { keysOf } from "../steps/index.ts";
import type { Step } from "../steps/step.ts";

/** Throws CONFLICT where a key of these steps has the name of another table's key. Needs SELECT alone. */
export async function assertFreeForeignKeyNames(db: Db, steps: readonly Step[]): Promise<void> {
  const wanted = steps.flatMap((step) =>
    keysOf(step).map((key) => ({ name: key.foreignKey.name, own: [key.table, ...asideTablesOf(step)] })),
  );
  if (wanted.length === 0) return;
  const rows = await db.rows<{ name: string; table: string }>(
    "SELECT DISTINCT CONSTRAINT_NAME AS name, TABLE_NAME AS `table` FROM information_schema.KEY_COLUMN_USAGE " +
      `WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL AND CONSTRAINT_NAME IN (${wanted.map(() => "?").join(", ")})`,
    wanted.map((key) => key.name),
  );
  const taken = rows.filter((row) =>
    wanted.some((key) => sameName(key.name, row.name) && !key.own.some((table) => sameName(table, row.table))),
  );
  const [first] = taken;
  if (first === undefined) return;
  throw new MigrateError("CONFLICT", "the name of a foreign key is taken by another table", {
    where: `${db.database}.${first.table}`,
    found: taken.map((row) => `${row.table} has a foreign key ${row.name}`),
    done: "nothing was changed",
    next: [
      ...taken.map(
        (row) =>
          `ALTER TABLE ${id(row.table)} DROP FOREIGN KEY ${id(row.name)};   # or drop the table, if nobody needs it`,
      ),
      hint("up"),
    ],
  });
}
