import { beginsWith, compareTables } from "../catalog/compare.ts";
import { describeIndex } from "../catalog/describe.ts";
import type { Difference } from "../catalog/difference.ts";
import * as render from "../dialect/render.ts";
import {
  type Index,
  type Table,
  findOtherObject,
  findTable,
  sameName,
  sameNames,
  withTable,
  withoutTable,
} from "../model.ts";
import { id } from "../sql.ts";
import { knownColumns } from "./accepted-column.ts";
import { addColumn, asAddition, handler as columnHandler, modifyColumn } from "./add-column.ts";
import { addForeignKey, handler as foreignKeyHandler, redirecting } from "./add-foreign-key.ts";
import { addIndex, handler as indexHandler } from "./add-index.ts";
import {
  type Conflict,
  type Facts,
  type Statement,
  type StepHandler,
  type Verdict,
  mustFindTable,
} from "./contract.ts";
import { conventionTables } from "./delete-rule-convention.ts";
import { dependantsOfTable } from "./dependants.ts";
import { laterNames } from "./later-steps.ts";
import { childProblems, notInnoDb, parentProblems } from "./parent-problems.ts";
import { tableProbe } from "./probe.ts";
import { tableOf } from "./spec-to-catalog.ts";
import type { CreateTable } from "./step.ts";
import { conflicting, verdictOf } from "./verdict.ts";

export function createTable(table: string, parts: Omit<CreateTable, "kind" | "table">): CreateTable {
  return { kind: "createTable", table, ...parts };
}

export const handler: StepHandler<CreateTable> = {
  title: (step) => `create table ${step.table}`,
  missing: (step) => `table ${step.table} is missing`,
  tables: (step) => [step.table, ...parents(step), ...conventionTables],

  inspect(step, facts) {
    const { catalog } = facts;
    const wanted = tableOf(step, catalog);
    const other = findOtherObject(catalog, step.table);
    if (other !== undefined) {
      return conflicting({
        part: "table",
        object: step.table,
        aspect: "kind",
        expected: "a table",
        found: `a ${other.toLowerCase()}`,
      });
    }
    const existing = findTable(catalog, step.table);
    if (existing !== undefined) {
      const differences = compareTables(wanted, existing)
        .filter((difference) => !isLaterName(difference, step, facts))
        .map((difference) => servedByLonger(difference, wanted, existing));
      const known = knownColumns(step.table, step.columns, [step, ...facts.later]);
      return withChildProblems(
        existing,
        verdictOf(differences, known, (difference) => conflict(difference, step, facts)),
      );
    }
    const problems = wanted.foreignKeys.flatMap((key) => parentProblems(step.table, wanted.columns, key, catalog));
    return problems.length === 0 ? { state: "absent" } : { state: "conflict", conflicts: problems, notices: [] };
  },

  render: (step, { catalog }) => ({ sql: render.createTableSql(tableOf(step, catalog)), locks: parents(step) }),

  project: (step, { catalog }) => withTable(catalog, tableOf(step, catalog)),

  undo(step, facts) {
    const table = mustFindTable(findTable(facts.catalog, step.table), step.table);
    const verdict = handler.inspect(step, facts);
    const changed = verdict.state === "conflict" ? verdict.conflicts.map(({ difference }) => difference) : [];
    const own = verdict.state === "absent" ? [] : verdict.notices.filter(isLostWithTable);
    return {
      statement: { sql: `DROP TABLE ${id(step.table)}`, locks: [step.table, ...parents(step)] },
      loss: { table: step.table, of: "rows", where: "TRUE", what: `rows of ${step.table}` },
      hold: "aside",
      blocked: [...dependantsOfTable(facts.catalog, table), ...changed, ...own],
      after: withoutTable(facts.catalog, table),
    };
  },

  probe: (step) => tableProbe(step.table),
};

function parents(step: CreateTable): string[] {
  return [...new Set(step.foreignKeys.map((key) => key.parent.table))].filter((name) => name !== step.table);
}

/** The facility's own keys and checks: saved rows bring back a column with its values, but no key or check. */
function isLostWithTable({ part, expected }: Difference): boolean {
  return expected === undefined && part !== "column";
}

/** An index of ordered values that queries may use. */
function isTree({ ignored, kind }: Index): boolean {
  return ignored !== true && kind !== "fulltext" && kind !== "spatial";
}

/** A missing plain key that a longer one begins with: the server drops its own key of a foreign key for such a one. */
function servedByLonger(difference: Difference, wanted: Table, existing: Table): Difference {
  const { aspect, found: actual, object, part } = difference;
  if (part !== "index" || aspect !== "existence" || actual !== undefined) return difference;
  const index = wanted.indexes.find(({ name }) => sameName(`${wanted.name}.${name}`, object));
  const longer =
    index?.kind === "plain" ? existing.indexes.find((other) => isTree(other) && beginsWith(other, index)) : undefined;
  return longer === undefined ? difference : { ...difference, aspect: "longer", found: describeIndex(longer) };
}

/** True for a foreign key that already has the name that a later step gives it. */
function isLaterName(difference: Difference, step: CreateTable, { later }: Facts): boolean {
  const { part, aspect, found: actual = "" } = difference;
  const key = step.foreignKeys.find((each) => isNamed(each, step, difference));
  if (part !== "foreign key" || aspect !== "name" || key === undefined) return false;
  return laterNames(later, step.table, key.columns).some((name) => sameName(name, actual));
}

/** The conflict with its statement: a missing part can be added, and a column of another form can be changed. */
function conflict(difference: Difference, step: CreateTable, facts: Facts): Conflict {
  if (difference.found === undefined) {
    const add = adding(difference, step, facts);
    return add === undefined ? { difference } : { difference, add };
  }
  const existing = findTable(facts.catalog, step.table);
  if (difference.aspect === "engine" && existing !== undefined) return notInnoDb(existing)[0] ?? { difference };
  const key = difference.aspect === "target" ? redirected(difference, step, existing) : undefined;
  if (key !== undefined) return { difference, change: redirecting(addForeignKey(step.table, key), facts) };
  const column =
    difference.part === "column" ? step.columns.find((each) => isNamed(each, step, difference)) : undefined;
  return column === undefined ? { difference } : { difference, change: modifyColumn(step.table, column) };
}

/** The verdict, with what the table itself has to become before a key that it lacks can be added. */
function withChildProblems(existing: Table, verdict: Verdict): Verdict {
  if (verdict.state !== "conflict" || existing.engine.toLowerCase() !== "innodb") return verdict;
  const lacking = verdict.conflicts.find(
    ({ add, difference }) => add !== undefined && difference.part === "foreign key",
  );
  const problems = lacking === undefined ? [] : childProblems(existing, lacking.difference.object);
  return { ...verdict, conflicts: [...problems, ...verdict.conflicts] };
}

/** Our key on the columns of an existing key that has another parent. */
function redirected({ object }: Difference, step: CreateTable, existing?: Table) {
  const key = existing?.foreignKeys.find(({ name }) => sameName(`${step.table}.${name}`, object));
  return step.foreignKeys.find(({ columns }) => key !== undefined && sameNames(columns, key.columns));
}

function adding(difference: Difference, step: CreateTable, facts: Facts): Statement | undefined {
  const { part } = difference;
  const named = <T extends { readonly name: string }>(list: readonly T[]) =>
    list.find((each) => isNamed(each, step, difference));
  const column = part === "column" ? named(step.columns) : undefined;
  // The server accepts such a column only together with a key on it, which rebuilds the table.
  if (column?.autoIncrement === true) return undefined;
  if (column !== undefined) return columnHandler.render(addColumn(step.table, asAddition(column)), facts);
  const index = part === "index" ? named(step.indexes) : undefined;
  // Adding a primary key rebuilds the table: a person has to choose the time.
  if (index?.kind === "primary") return undefined;
  if (index !== undefined) return indexHandler.render(addIndex(step.table, index), facts);
  const key = part === "foreign key" ? named(step.foreignKeys) : undefined;
  return key === undefined ? undefined : foreignKeyHandler.render(addForeignKey(step.table, key), facts);
}

function isNamed(each: { readonly name: string }, step: CreateTable, { object }: Difference): boolean {
  return sameName(`${step.table}.${each.name}`, object);
}
