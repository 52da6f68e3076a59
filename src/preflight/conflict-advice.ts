/**
 * The next steps after a conflict. Each line of advice names the very object in conflict: the advice to drop a table
 * because of one of its columns would cost the table.
 */
import { type Difference, formatObject } from "../catalog/difference.ts";
import { type Hint, type Next, hint, withNote } from "../hint.ts";
import { type Catalog, sameName } from "../model.ts";
import type { Conflict } from "../steps/contract.ts";
import { copying, scriptOf } from "../steps/script-of-statement.ts";
import type { StepConflict } from "./fixing.ts";
import { choicesOf, together } from "./way.ts";
import { waysOf } from "./ways.ts";

export interface Advice {
  /** A line for each object for which there are no statements. */
  readonly byHand: readonly Next[];
  /** For each table the ways out, each with statements in an order that works. */
  readonly statements: readonly string[];
}

/** What ends these conflicts. */
export function adviceOn(conflicts: readonly StepConflict[], catalog: Catalog): Advice {
  const tables = [...new Set(conflicts.map(placeOf))];
  const groups = tables.map((table) => {
    const own = conflicts.filter((each) => sameName(placeOf(each), table));
    return { own, table, ways: waysOf(table, own, catalog, tables) };
  });
  const lost = groups.filter(({ ways }) => ways.length === 1).map(({ table }) => table);
  const renamed = groups.filter(({ ways: [way] }) => way?.first !== undefined);
  const linked = renamed.length > 1 && renamed.some(({ ways: [way] }) => way?.first?.length !== 0) ? renamed : [];
  const open = groups.flatMap(({ own, ways }) => (ways.length === 0 ? own : []));
  const canPrint = open.some(({ conflict, recorded }) => recorded && conflict.change !== undefined);
  return {
    byHand: [
      ...open.flatMap(sentenceOn),
      ...(canPrint ? [printing] : []),
      ...open.flatMap((each) => statementOn(each, catalog)),
    ].filter(isFirst),
    statements: [
      ...(linked.length === 0 ? [] : choicesOf(together(linked))),
      ...groups
        .filter((group) => !linked.includes(group))
        .flatMap(({ own, ways }) =>
          // A key to a table that only gets another name cannot be added: this table has to give way, too.
          choicesOf(own.some((each) => lost.some((table) => refersTo(each, table))) ? ways.slice(0, 1) : ways),
        ),
    ],
  };
}

/** In the order of their length: statements; without them one command that skips, and then the work by hand. */
export function nextSteps({ byHand, statements }: Advice, retry: Hint, skips: readonly Hint[]): Next[] {
  if (byHand.length === 0) return [...statements, withNote(retry, "afterwards"), ...skips.map(orElse)];
  return [
    ...skips,
    ...(skips.length === 0 ? [] : ["or do it by hand:"]),
    ...byHand,
    ...statements,
    withNote(retry, "afterwards"),
  ];
}

/** The same command as the other choice. */
export function orElse(command: Hint): Hint {
  return withNote(command, `or: ${command.note}`);
}

/** No statement and no advice of its own resolves it: the wanted form is shown. */
export function isOpen({ add, advice, difference }: Conflict): boolean {
  return add === undefined && advice === undefined && difference.aspect !== "engine";
}

export function tableOf({ object }: Difference): string {
  return object.split(".", 1)[0] ?? object;
}

// --- internal ---

/** The table to change. */
function placeOf({ conflict: { at, difference } }: StepConflict): string {
  return at ?? tableOf(difference);
}

const printing = hint("verify", { note: "prints the statements that change it back" });

const changeIt = 'change it to the form under "wanted"';

function refersTo({ conflict: { add, difference } }: StepConflict, table: string): boolean {
  return (
    add !== undefined && difference.part === "foreign key" && difference.expected?.includes(` → ${table} (`) === true
  );
}

function isFirst<T>(each: T, at: number, all: readonly T[]): boolean {
  return all.indexOf(each) === at;
}

function isStatement(text: string): boolean {
  return text.includes(";");
}

/** "if column ProcessingJob.recipe is in use, …; if it is not, …" */
function sentenceOn(of: StepConflict): string[] {
  const { advice = [], difference } = of.conflict;
  if (!isOpen(of.conflict)) return advice.filter((text) => !isStatement(text));
  const name = formatObject(difference);
  if (difference.found === undefined)
    return [`${name}: create it${hasForm(difference) ? ' in the form under "wanted"' : ""}`];
  if (!isCreatedAgain(of)) return [`${name}: ${changeIt}`];
  return [
    difference.part === "column"
      ? `if ${name} is in use, ${changeIt}; if it is not, drop or rename it`
      : `${name}: ${changeIt}, or drop it`,
  ];
}

/** Each statement stays in one piece. */
function statementOn({ conflict: { add, advice = [], change, difference } }: StepConflict, catalog: Catalog): string[] {
  if (difference.aspect === "engine" && change !== undefined) return [copying(change.sql)];
  return [...advice.filter(isStatement), ...(add === undefined ? [] : [scriptOf(add, catalog).join("\n")])];
}

/** Whether more is wanted than that the object exists. */
function hasForm(difference: Difference): boolean {
  return difference.expected !== undefined && difference.expected !== formatObject(difference);
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
