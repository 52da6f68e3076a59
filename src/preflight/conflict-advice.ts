/**
 * The next steps after a conflict. Each line of advice names the very object in conflict: the advice to drop a table
 * because of one of its columns would cost the table.
 */
import { type Difference, formatObject } from "../catalog/difference.ts";
import { type Hint, type Next, hint, withNote } from "../hint.ts";
import { sameName } from "../model.ts";
import type { PlannedStep } from "../plan/plan.ts";
import type { Conflict } from "../steps/contract.ts";
import { scriptOf } from "../steps/script-of-statement.ts";

interface StepConflict {
  readonly conflict: Conflict;
  readonly step: PlannedStep;
  /** This tool created or adopted the object: it is in use. */
  readonly recorded: boolean;
}

/** A line for each object that a person has to change, then statements in an order that works. */
export function adviceOn(conflicts: readonly StepConflict[], retry: Hint): Next[] {
  const open = conflicts.filter(({ conflict }) => isOpen(conflict));
  const byHand = [...new Set(open.map(adviceOnObject))];
  const { sentences, statements } = adviceOf(conflicts.map(({ conflict }) => conflict));
  const isKept = open.some(isOtherTable) && statements.length > 0;
  return [
    ...byHand,
    ...(open.some(({ conflict, recorded }) => recorded && conflict.change !== undefined) ? [printing] : []),
    ...sentences,
    ...(isKept ? ["then run these statements for the tables that you keep:"] : []),
    ...statements,
    withNote(retry, "afterwards"),
  ];
}

/** No statement and no advice of its own resolves it: a person has to decide. */
export function isOpen({ add, advice, difference }: Conflict): boolean {
  return add === undefined && advice === undefined && difference.aspect !== "engine";
}

export function tableOf({ object }: Difference): string {
  return object.split(".", 1)[0] ?? object;
}

// --- internal ---

const printing = hint("verify", { note: "prints statements for what this tool created" });

const changeIt = 'change it to the form under "wanted"';

/** "if table ProcessingJob is in use, …; if it is not, …" */
function adviceOnObject(of: StepConflict): string {
  const { difference } = of.conflict;
  const { aspect, found: actual, part } = difference;
  const name = formatObject(difference);
  if (isOtherTable(of)) {
    return `if table ${tableOf(difference)} is in use, ${changeIt}; if it is not, drop it, or rename it and drop its foreign keys`;
  }
  if (aspect === "kind") return `${name} is ${actual}: drop or rename it`;
  if (aspect === "second key") return `${name}: drop it`;
  if (actual === undefined) return `${name}: create it in the form under "wanted"`;
  if (!isCreatedAgain(of)) return `${name}: ${changeIt}`;
  return part === "column"
    ? `if ${name} is in use, ${changeIt}; if it is not, drop or rename it`
    : `${name}: ${changeIt}, or drop it`;
}

/** A table that this tool did not create has the name of one that it would create. */
function isOtherTable({ conflict: { difference }, recorded, step: { step } }: StepConflict): boolean {
  if (recorded || step.kind !== "createTable" || difference.part === "foreign key") return false;
  return difference.aspect !== "kind" && sameName(tableOf(difference), step.table);
}

/** Whether the step would create the object of the conflict if that object were dropped. */
function isCreatedAgain({ conflict: { difference }, recorded, step: { step } }: StepConflict): boolean {
  if (recorded) return false;
  if (step.kind === "addColumn") return difference.part === "column";
  return (
    (step.kind === "addIndex" && difference.part === "index") ||
    (step.kind === "addForeignKey" && difference.part === "foreign key")
  );
}

/** Work by hand; and statements: engines, then the foreign keys of their tables. Each statement stays in one piece. */
function adviceOf(conflicts: readonly Conflict[]): { readonly sentences: string[]; readonly statements: string[] } {
  const advice = conflicts.flatMap((conflict) => conflict.advice ?? []);
  const engines = conflicts.flatMap(({ difference, change }) =>
    difference.aspect === "engine" && change !== undefined
      ? [`${change.sql};   -- at a quiet time: copies the table`]
      : [],
  );
  const additions = conflicts.flatMap(({ add }) => (add === undefined ? [] : [scriptOf(add).join("\n")]));
  const isStatement = (text: string) => text.includes(";");
  return {
    sentences: [...new Set(advice.filter((text) => !isStatement(text)))],
    statements: [...new Set([...engines, ...advice.filter(isStatement), ...additions])],
  };
}
