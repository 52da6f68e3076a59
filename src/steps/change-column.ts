import { compareColumn } from "../catalog/compare.ts";
import { describeColumn } from "../catalog/describe.ts";
import type { Difference } from "../catalog/difference.ts";
import { varcharLength } from "../dialect/column-type.ts";
import { columnDefinition, underClock, withoutInherited } from "../dialect/render.ts";
import { type Column, type Table, findColumn, findTable } from "../model.ts";
import { id } from "../sql.ts";
import { knownColumns } from "./accepted-column.ts";
import { addColumn, handler as addColumnHandler } from "./add-column.ts";
import { type ColumnStatement, alterColumn, mustFindColumn, withColumn } from "./alter-column.ts";
import type { Conflict, Facts, Guard, Loss, Statement, StepHandler } from "./contract.ts";
import { columnProbe } from "./probe.ts";
import { hasTexts, recorded } from "./recorded-before.ts";
import { isNull, updateOf } from "./row-questions.ts";
import { columnOf } from "./spec-to-catalog.ts";
import type { ChangeColumn, ColumnSpec } from "./step.ts";
import { noSuchTable, verdictOf } from "./verdict.ts";

export function changeColumn(table: string, column: ColumnSpec): ChangeColumn {
  return { kind: "changeColumn", table, column };
}

/** 1970-01-02 in seconds. */
const SECOND_DAY = 86_400;

export const handler: StepHandler<ChangeColumn> = {
  title: ({ table, column }) => `change column ${table}.${column.name} to ${describeColumn(column)}`,
  missing: ({ table, column }) => `column ${table}.${column.name} is not ${describeColumn(column)}`,
  present: () => "nothing to do",
  tables: (step) => [step.table],

  inspect(step, facts) {
    const table = findTable(facts.catalog, step.table);
    if (table === undefined) return noSuchTable(step.table);
    const existing = findColumn(table, step.column.name);
    const object = `${step.table}.${step.column.name}`;
    if (existing === undefined) {
      const missing = { part: "column", object, aspect: "existence", expected: describeColumn(step.column) } as const;
      const add = addColumnHandler.render(addColumn(step.table, step.column), facts);
      return { state: "conflict", conflicts: [{ difference: missing, add }], notices: [] };
    }
    const changed = widenTo(step.column, existing);
    const known = knownColumns(step.table, [step.column], facts.later);
    const left = verdictOf(compareColumn(object, columnOf(step.column, table), changed), known);
    const differences = compareColumn(object, changed, existing);
    if (left.state === "conflict" || differences.length === 0) return left;
    if (
      changed.invisible &&
      !changed.nullable &&
      changed.default === undefined &&
      facts.dialect.can.invisibleNeedsDefault
    )
      return { state: "conflict", conflicts: [mustBeVisible(step, table, existing)], notices: [] };
    return { state: "absent", differences: differences.filter(isOwn) };
  },

  render(step, facts) {
    const { table, column: existing } = mustFindColumn(facts.catalog, step.table, step.column.name);
    const changed = widenTo(step.column, existing);
    const guard = nullGuard(step, existing, changed, alterColumn(step.table, table, changed, existing, facts));
    const statement = alterColumn(step.table, table, existing, changed, facts);
    return {
      ...(guard === undefined ? statement : withoutNow(statement, existing, facts)),
      before: { column: existing },
      ...(guard === undefined ? {} : { guards: [guard] }),
    };
  },

  project(step, facts) {
    const { table, column } = mustFindColumn(facts.catalog, step.table, step.column.name);
    return withColumn(facts.catalog, table, widenTo(step.column, column));
  },

  undo(step, facts, before) {
    const { table, column: now } = mustFindColumn(facts.catalog, step.table, step.column.name);
    const back = changedBack(step, recorded(before, "column", isColumn, handler.title(step)), now);
    const loss = lossOf(step.table, now, back);
    return {
      statement: alterColumn(step.table, table, now, back, facts),
      ...(loss === undefined ? {} : { loss, hold: "lock", clear: shortenValues(step.table, table, back, loss.where) }),
      blocked: [],
      after: withColumn(facts.catalog, table, back),
    };
  },

  probe({ table, column }) {
    const length = varcharLength(column.type);
    const wanted = [
      columnProbe(table, column.name),
      ...(Number.isNaN(length) ? [] : [`CHARACTER_MAXIMUM_LENGTH >= ${length}`]),
      ...(column.nullable ? [] : ["IS_NULLABLE = 'NO'"]),
    ];
    return wanted.join(" AND ");
  },
};

/** Whether the column stays invisible is for the facility to say: it may also give it a default. */
function mustBeVisible({ table: name }: ChangeColumn, table: Table, existing: Column): Conflict {
  const { invisible: _, ...visible } = existing;
  const statement = `ALTER TABLE ${id(name)} MODIFY COLUMN ${columnDefinition(withoutInherited(visible, table))};`;
  const difference = { part: "column", object: `${name}.${existing.name}`, aspect: "invisible" } as const;
  return {
    difference: { ...difference, expected: "false", found: "true" },
    advice: [`${statement}   -- in MariaDB a column that is NOT NULL and has no default cannot be INVISIBLE`],
  };
}

/** The existing column, made as wide and as strict as the step wants it; its other properties stay. */
function widenTo(spec: ColumnSpec, existing: Column): Column {
  const type = varcharLength(spec.type) > varcharLength(existing.type) ? spec.type : existing.type;
  const nullable = existing.nullable && spec.nullable;
  const own = existing.default === "NULL" ? undefined : existing.default;
  // A nullable column without a default has NULL as its default.
  return withDefault({ ...existing, type, nullable }, own ?? spec.default ?? (nullable ? "NULL" : undefined));
}

/** False for the default NULL of a nullable column: it ends together with NULL itself, and is not reported beside it. */
function isOwn({ aspect, expected, found: actual }: Difference): boolean {
  return !(aspect === "default" && actual === "NULL" && expected === "none");
}

/** The column before the step, except for what was changed since: such changes stay. */
function changedBack(step: ChangeColumn, was: Column, now: Column): Column {
  const applied = widenTo(step.column, was);
  const back = <K extends keyof Column>(key: K) => (now[key] === applied[key] ? was[key] : now[key]);
  return withDefault({ ...now, type: back("type"), nullable: back("nullable") }, back("default"));
}

function withDefault(column: Column, initial: string | undefined): Column {
  const { default: _, ...without } = column;
  return initial === undefined ? without : { ...without, default: initial };
}

/** Counts the NULLs just before the statement, not before the run: an earlier step of the run fills them. */
function nullGuard(step: ChangeColumn, existing: Column, changed: Column, undo: Statement): Guard | undefined {
  if (!existing.nullable || changed.nullable) return undefined;
  return {
    counts: `rows of ${step.table} where ${step.column.name} is NULL`,
    sql: `SELECT COUNT(*) AS n FROM ${id(step.table)} AS child WHERE child.${isNull(existing)}`,
    reads: [step.table],
    fix: [`give ${step.column.name} a value in these rows`],
    undo,
  };
}

/**
 * The statement under a fixed clock. A row with NULL may still be inserted between the count and the copy, and
 * MariaDB would silently give it the time of the statement. The fixed time is a visible placeholder.
 */
function withoutNow(statement: ColumnStatement, { type }: Column, { dialect }: Facts): Statement {
  if (!dialect.can.copyTurnsNullIntoNow || !type.startsWith("timestamp")) return statement;
  const clause = { ...statement.clause, clock: SECOND_DAY };
  return { ...statement, sql: underClock(statement.sql, SECOND_DAY), clause };
}

function isColumn(value: unknown): value is Column {
  return hasTexts(value, "name", "type");
}

function lossOf(table: string, now: Column, back: Column): Loss | undefined {
  const length = varcharLength(back.type);
  if (!(length < varcharLength(now.type))) return undefined;
  return {
    table,
    of: { columns: [back.name] },
    where: `CHAR_LENGTH(${id(back.name)}) > ${length}`,
    what: `values of ${table}.${back.name} longer than ${length} characters`,
  };
}

function shortenValues(name: string, table: Table, { name: column, type }: Column, where: string): string {
  return updateOf(name, table, column, `LEFT(${id(column)}, ${varcharLength(type)})`, where);
}
