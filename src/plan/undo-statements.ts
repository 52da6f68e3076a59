/** The statements by which `down` undoes a step, in the order in which it sends them. */
import { type Catalog, findColumn, findTable, sameName, withTable } from "../model.ts";
import { id } from "../sql.ts";
import type { Facts, Statement } from "../steps/contract.ts";
import { inspect, undo } from "../steps/index.ts";
import { mergeStatements } from "../steps/merge.ts";
import type { UncountedStep, UndoStatement } from "./down-step.ts";
import { undoneTogether } from "./join-drops.ts";
import { type Movable, asideOf, isMovable, liesAside, putAside, withAside } from "./set-aside.ts";

/** With the catalog that they are sent to, for the forecast. */
export interface UndoStatements {
  readonly statements: readonly UndoStatement[];
  readonly catalog: Catalog;
}

/** `steps`: all of the plan, in the order in which they are undone; `facts`: those of the database as it is now. */
export function undoStatements(step: UncountedStep, steps: readonly UncountedStep[], facts: Facts): UndoStatements {
  const group = [step, ...undoneTogether(steps, step)];
  const catalog = atTurn(group, step, steps, facts.catalog);
  return { statements: statementsOf(step, group, facts, catalog), catalog };
}

/** From here on no other session can read or write the table, until the session ends or unlocks it. */
export function lockTable(table: string): Statement {
  return { sql: `LOCK TABLES ${id(table)} WRITE`, locks: [table] };
}

/** Ends the lock. */
export const unlockTables: Statement = { sql: "UNLOCK TABLES", locks: [] };

// --- internal ---

function statementsOf(
  step: UncountedStep,
  group: readonly UncountedStep[],
  facts: Facts,
  catalog: Catalog,
): UndoStatement[] {
  const { made, undo: undoing, undoneWith } = step;
  if (made !== "done" || undoing?.statement === undefined || undoneWith !== undefined) return [];
  const { clear, hold, loss, statement } = undoing;
  const then = { ...facts, catalog };
  if (step.step.kind === "sqlStatement")
    return step.step.probe !== undefined && inspect(step.step, then).state === "absent" ? [] : [{ statement }];
  if (isMovable(step.step))
    return movedStatements(
      group.flatMap((each) => movableOf(each)),
      then,
    );
  const table = loss === undefined ? undefined : findTable(catalog, loss.table);
  if (hold !== "lock" || table === undefined) return [{ statement }];
  return [
    { statement: lockTable(table.name), why: "keeps other sessions out until the end of the step", saves: true },
    ...(clear === undefined
      ? []
      : [{ statement: { sql: clear, locks: [] }, why: "clears values that the earlier form does not allow" }]),
    { statement },
    { statement: unlockTables, why: "ends the lock" },
  ];
}

function movableOf({ step }: UncountedStep): Movable[] {
  return isMovable(step) ? [step] : [];
}

/** What a `down` that was stopped has set aside already is only dropped. */
function movedStatements(steps: readonly Movable[], facts: Facts): UndoStatement[] {
  const [first, ...others] = steps.filter((step) => !liesAside(step, facts.catalog));
  const moved = first === undefined ? facts.catalog : withAside([first, ...others], facts.catalog);
  const drops = steps.flatMap((step) => undo(asideOf(step), { ...facts, catalog: moved }, {}).statement ?? []);
  return [
    ...(first === undefined
      ? []
      : [
          {
            statement: putAside([first, ...others], facts),
            why: "so that no other session can write to it",
            saves: true,
          },
        ]),
    { statement: mergeStatements(drops) },
  ];
}

/** The catalog as the steps undone before have left it. Columns that wait to be dropped with this one are still there. */
function atTurn(
  group: readonly UncountedStep[],
  step: UncountedStep,
  steps: readonly UncountedStep[],
  live: Catalog,
): Catalog {
  const before = steps.slice(0, steps.indexOf(step)).findLast(({ undo: undoing }) => undoing !== undefined);
  const catalog = before?.undo?.after ?? live;
  const waiting = group.slice(1).flatMap(({ step: each }) => (each.kind === "addColumn" ? [each.column.name] : []));
  const [table, now] = "table" in step.step ? [step.step.table, findTable(catalog, step.step.table ?? "")] : [];
  const full = table === undefined ? undefined : findTable(live, table);
  if (waiting.length === 0 || now === undefined || full === undefined) return catalog;
  const columns = full.columns.flatMap((column) => {
    const isWaiting = waiting.some((name) => sameName(name, column.name));
    return findColumn(now, column.name) ?? (isWaiting ? column : []);
  });
  return withTable(catalog, { ...now, columns });
}
