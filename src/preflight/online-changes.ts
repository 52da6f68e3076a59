/**
 * Another online change of the same table. It puts its own copy in the place of the table when it ends: what we changed
 * meanwhile would be gone, or missing in part (measured: ten differences after a cut-over).
 */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import type { Hint } from "../hint.ts";
import { withNote } from "../hint.ts";
import type { DownPlan } from "../plan/down-plan.ts";
import { absentSteps } from "../plan/plan.ts";
import type { Plan } from "../plan/read-plan.ts";
import type { Statement } from "../steps/contract.ts";
import { type Traces, leftOverOf, onlineChangeOf } from "./online-tools.ts";

/** Throws CONFLICT if a program for online changes is at work on one of these tables, or was cut off. Needs only SELECT. */
export async function assertNoOnlineChange(db: Db, tables: readonly string[], retry: Hint): Promise<void> {
  const traces = await readTraces(db);
  const changes = tables.flatMap((table) => onlineChangeOf(table, traces) ?? []);
  const [first] = changes;
  if (first === undefined) return;
  const more = changes.length === 1 ? "" : ` and ${changes.length - 1} more`;
  throw new MigrateError("CONFLICT", `${first.tool} has begun to change ${first.table}${more}, and has not ended`, {
    where: `${db.database}.${first.table}`,
    found: changes.flatMap(({ made, table, tool }) => made.map((each) => `${each}, made by ${tool} for ${table}`)),
    wanted: "one change of a table at a time: its copy would take the place of the table, without our changes",
    done: "nothing was changed",
    next: [...new Set(changes.flatMap(({ advice }) => advice)), withNote(retry, "afterwards")],
  });
}

/** What online changes left over after their end, which does no harm; undefined if there is nothing. */
export async function noteOnLeftOver(db: Db, tables: readonly string[]): Promise<string | undefined> {
  const traces = await readTraces(db);
  const left = tables.flatMap((table) => leftOverOf(table, traces));
  if (left.length === 0) return undefined;
  return `left over from online changes that have ended, and not touched: ${left.join(", ")}`;
}

/** The tables that pending statements change or refer to. */
export function tablesChanged({ migrations }: Pick<Plan, "migrations">): string[] {
  return namesIn(absentSteps(migrations).map(({ statement }) => statement));
}

/** The same of a `down`. */
export function tablesUndone({ migrations }: DownPlan): string[] {
  return namesIn(migrations.flatMap(({ steps }) => steps.map(({ undo }) => undo?.statement)));
}

// --- internal ---

function namesIn(statements: readonly (Statement | undefined)[]): string[] {
  const used = statements.flatMap((each) =>
    each === undefined ? [] : [...each.locks, ...(each.fill === undefined ? [] : [each.fill.table])],
  );
  return [...new Set(used)];
}

async function readTraces(db: Db): Promise<Traces> {
  const tables = await db.rows<{ name: string }>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE '\\_%'",
  );
  const triggers = await db.rows<{ name: string; table: string }>(
    "SELECT TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS `table` FROM information_schema.TRIGGERS " +
      "WHERE TRIGGER_SCHEMA = DATABASE() AND TRIGGER_NAME LIKE 'pt\\_osc\\_%' ORDER BY TRIGGER_NAME",
  );
  return { tables: tables.map(({ name }) => name), triggers };
}
