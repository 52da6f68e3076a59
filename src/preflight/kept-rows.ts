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

/** The setting under which MariaDB changes a system-versioned table. */
export const keepHistory =
  "SET GLOBAL system_versioning_alter_history = KEEP;   -- until this run has ended: the history keeps its rows";

/**
 * Throws CONFLICT if a copy of a system-versioned table is pending, and the server does not make one (error 4119). For lighter
 * statements the server itself is asked (`ask-server.ts`).
 */
export async function assertHistoryMayBeCopied(db: Db, { plan, retry }: Subject): Promise<void> {
  const copied = absentSteps(plan.migrations).find(({ statement }) => {
    const table = findTable(plan.catalog, statement?.locks[0] ?? "");
    return statement?.online?.algorithm === "COPY" && table !== undefined && keepsHistory(table);
  });
  if (copied === undefined) return;
  const [row] = await db.rows<{ setting: string }>("SELECT @@SESSION.system_versioning_alter_history AS setting");
  if (row?.setting !== "ERROR") return;
  throw new MigrateError(
    "CONFLICT",
    `the server would refuse to copy ${copied.statement?.locks[0]}: it keeps its history`,
    {
      where: formatStepRef(copied),
      found: `system_versioning_alter_history is ${row.setting}`,
      wanted: "KEEP: the copy has every earlier form of a row",
      done: "nothing was changed",
      next: [keepHistory, withNote(retry, "afterwards")],
    },
  );
}

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
