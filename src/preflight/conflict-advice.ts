/**
 * The next steps after a conflict. Each line of advice names the very object in conflict: the advice to drop a table
 * because of one of its columns would cost the table.
 */
import { type Difference, formatObject } from "../catalog/difference.ts";
import { type Hint, type Next, hint, withNote } from "../hint.ts";
import { type Catalog, sameName } from "../model.ts";
import type { Conflict } from "../steps/contract.ts";
import { scriptOf } from "../steps/script-of-statement.ts";
import { type StepConflict, keysToRename, waysOf } from "./ways.ts";

/**
 * What ends these conflicts: for each table the ways out, each with statements in an order that works; a line for each
 * object for which there are none.
 */
export function adviceOn(conflicts: readonly StepConflict[], retry: Hint, catalog: Catalog): Next[] {
  const recorded = conflicts.filter((each) => each.recorded);
  const others = conflicts.filter((each) => !each.recorded);
  const tables = [...new Set(others.map(({ conflict }) => conflict.at ?? tableOf(conflict.difference)))];
  const groups = tables.map((table) => {
    const own = others.filter(({ conflict }) => sameName(conflict.at ?? tableOf(conflict.difference), table));
    return { own, table, ways: waysOf(table, own, catalog) };
  });
  const keys = groups.flatMap(({ own, table }) => keysToRename(table, own, catalog));
  const lost = groups.filter(({ ways }) => ways.length === 1).map(({ table }) => table);
  const byHand = [...recorded, ...groups.flatMap(({ own, ways }) => (ways.length === 0 ? own : []))];
  const open = byHand.filter(({ conflict }) => isOpen(conflict));
  const { sentences, statements } = adviceOf(byHand.map(({ conflict }) => conflict));
  return [
    ...new Set(open.map(adviceOnObject)),
    ...(open.some((each) => each.recorded && each.conflict.change !== undefined) ? [printing] : []),
    ...sentences,
    ...statements,
    ...(keys.length === 0
      ? []
      : ["first, if a table gets another name, its keys with names of ours get others, too:", ...keys]),
    ...groups.flatMap(({ own, ways }) =>
      // A key to a table that only gets another name cannot be added: this table has to give way, too.
      (own.some((each) => lost.some((table) => refersTo(each, table))) ? ways.slice(0, 1) : ways).flatMap((way) => [
        `${way.when}:`,
        ...way.statements,
      ]),
    ),
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

function refersTo({ conflict: { add, difference } }: StepConflict, table: string): boolean {
  return (
    add !== undefined && difference.part === "foreign key" && difference.expected?.includes(` → ${table} (`) === true
  );
}

/** "if column ProcessingJob.recipe is in use, …; if it is not, …" */
function adviceOnObject(of: StepConflict): string {
  const { difference } = of.conflict;
  const { aspect, found: actual, part } = difference;
  const name = formatObject(difference);
  if (aspect === "kind") return `${name} is ${actual}: rename it`;
  if (aspect === "second key") return `${name}: drop it`;
  if (actual === undefined) return `${name}: create it in the form under "wanted"`;
  if (!isCreatedAgain(of)) return `${name}: ${changeIt}`;
  return part === "column"
    ? `if ${name} is in use, ${changeIt}; if it is not, drop or rename it`
    : `${name}: ${changeIt}, or drop it`;
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
