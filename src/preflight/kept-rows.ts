import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { endVersioning } from "../dialect/render.ts";
import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import { findColumn, findTable, keepsHistory } from "../model.ts";
import { absentSteps } from "../plan/plan.ts";
import { plural } from "../plural.ts";
import { id } from "../sql.ts";
import { formatStepRef } from "../steps/step-ref.ts";
import type { Subject } from "./check.ts";
import { leavingAlone } from "./skip-advice.ts";

/**
 * Throws CONFLICT if a system-versioned table remembers NULL in a column that becomes NOT NULL: the server checks earlier
 * forms of rows, too, and no statement changes those. A NULL of today is one of them once it is filled.
 */
export async function assertHistoryFits(db: Db, { plan, request, retry }: Subject): Promise<void> {
  for (const ref of absentSteps(plan.migrations)) {
    const { step } = ref;
    if (step.kind !== "changeColumn" || step.column.nullable) continue;
    const table = findTable(plan.catalog, step.table);
    if (table === undefined || !keepsHistory(table)) continue;
    if (findColumn(table, step.column.name)?.nullable !== true) continue;
    const where = `FROM ${id(table.name)} FOR SYSTEM_TIME ALL WHERE ${id(step.column.name)} IS NULL`;
    const rows = await count(db, `SELECT COUNT(*) AS n ${where}`);
    if (rows === 0) continue;
    const skips = leavingAlone({ plan, request }, [ref.migration]);
    throw new MigrateError(
      "CONFLICT",
      `${table.name} keeps its history, and that has NULL where ${step.column.name} becomes NOT NULL`,
      {
        where: formatStepRef(ref),
        found: `${plural(rows, "row")} and earlier forms of rows: SELECT * ${where}`,
        wanted: `a value of ${step.column.name} in each of them, but no statement can change earlier forms of rows`,
        done: "nothing was changed",
        next: [
          ...skips,
          `${skips.length === 0 ? "" : "or, "}if the history is not needed, end it:`,
          ...endVersioning(table),
          withNote(retry, "afterwards"),
        ],
      },
    );
  }
}
