import { count, countRows } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { type Catalog, type Table, findTable, keepsHistory } from "../model.ts";
import { id } from "../sql.ts";
import type { UncountedStep } from "./down-step.ts";

/** Rows of the table where the condition holds, or held at any time that the table remembers. */
export function countLost(db: Db, table: Table, where: string): Promise<number> {
  if (!keepsHistory(table)) return countRows(db, table.name, where);
  return count(db, `SELECT COUNT(*) AS n FROM ${id(table.name)} FOR SYSTEM_TIME ALL WHERE ${where}`);
}

/** Lookup rows that a step of the same plan deletes are not lost with their table. */
export async function countLoss(
  db: Db,
  step: UncountedStep,
  steps: readonly UncountedStep[],
  catalog: Catalog,
): Promise<number> {
  const loss = step.undo?.loss;
  const table = loss === undefined ? undefined : findTable(catalog, loss.table);
  if (loss === undefined || table === undefined) return 0;
  const removed = removedBefore(step, steps, loss.table).map((condition) => `NOT (${condition})`);
  return countLost(db, table, [loss.where, ...removed].join(" AND "));
}

/** Conditions of the rows of this table that earlier steps of the plan delete. */
export function removedBefore(step: UncountedStep, steps: readonly UncountedStep[], table: string): string[] {
  return steps
    .slice(0, steps.indexOf(step))
    .flatMap(({ step: other, undo: taken }) =>
      taken?.removes !== undefined && other.kind === "insertRows" && other.table === table ? [taken.removes] : [],
    );
}
