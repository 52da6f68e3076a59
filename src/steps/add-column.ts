import { compareColumn } from "../catalog/compare.ts";
import { alterTableSql, columnDefinition } from "../dialect/render.ts";
import { onlineFor } from "../dialect/online-for.ts";
import { type Column, findColumn, findTable, sameName, withTable } from "../model.ts";
import { id } from "../sql.ts";
import { knownColumns } from "./accepted-column.ts";
import { type Facts, type Statement, type StepHandler, mustFindTable } from "./contract.ts";
import { dependantsOfColumn } from "./dependants.ts";
import { copySession } from "./copy-session.ts";
import { columnProbe } from "./probe.ts";
import { columnOf } from "./spec-to-catalog.ts";
import type { AddColumn, ColumnSpec } from "./step.ts";
import { noSuchTable, verdictOf } from "./verdict.ts";

export function addColumn(table: string, column: ColumnSpec): AddColumn {
  return { kind: "addColumn", table, column };
}

/**
 * The column as it is added to a table that has rows: where NULL is accepted and there is no default, the server would
 * give each row a value that means something, such as the first of an enum.
 */
export function asAddition(column: ColumnSpec): ColumnSpec {
  return column.accepts?.nullable === true && column.default === undefined ? { ...column, nullable: true } : column;
}

export const handler: StepHandler<AddColumn> = {
  title: (step) => `add column ${step.table}.${step.column.name}`,
  missing: (step) => `column ${step.table}.${step.column.name} is missing`,
  tables: (step) => [step.table],

  inspect(step, { catalog, later }) {
    const table = findTable(catalog, step.table);
    if (table === undefined) return noSuchTable(step.table);
    const existing = findColumn(table, step.column.name);
    if (existing === undefined) return { state: "absent" };
    const differences = compareColumn(`${step.table}.${step.column.name}`, columnOf(step.column, table), existing);
    return verdictOf(differences, knownColumns(step.table, [step.column], later), (difference) => ({
      difference,
      change: modifyColumn(step.table, step.column),
    }));
  },

  /** Adds the column at the end of the table, without a key: together with a key the server would rebuild the table (measured). */
  render(step, facts) {
    return alter(step, "ADD COLUMN", columnDefinition(step.column), facts);
  },

  project(step, { catalog }) {
    const table = mustFindTable(findTable(catalog, step.table), step.table);
    return withTable(catalog, { ...table, columns: [...table.columns, columnOf(step.column, table)] });
  },

  undo(step, facts) {
    const { table, column } = step;
    const existing = mustFindTable(findTable(facts.catalog, table), table);
    const wanted = columnOf(column, existing);
    const columns = existing.columns.filter((each) => !sameName(each.name, column.name));
    return {
      statement: alter(step, "DROP COLUMN", id(column.name), facts),
      loss: {
        table,
        of: { columns: [column.name] },
        where: isMoreThanDefault(wanted),
        what: `values of ${table}.${column.name}`,
      },
      hold: "aside",
      blocked: dependantsOfColumn(facts.catalog, existing, wanted),
      after: withTable(facts.catalog, { ...existing, columns }),
    };
  },

  probe: (step) => columnProbe(step.table, step.column.name),
};

/** An ALTER TABLE that adds or drops the column. */
function alter(
  { table, column }: AddColumn,
  verb: "ADD COLUMN" | "DROP COLUMN",
  definition: string,
  facts: Facts,
): Statement {
  const { catalog, dialect } = facts;
  const [change, base] =
    verb === "ADD COLUMN"
      ? (["add column", dialect.can.addColumn] as const)
      : (["drop column", dialect.can.dropColumn] as const);
  const existing = mustFindTable(findTable(catalog, table), table);
  const online = onlineFor(change, base, existing, dialect, column.name);
  return {
    sql: alterTableSql(table, `${verb} ${definition}`, online),
    clause: { verb, column: column.name, definition },
    online,
    locks: [table],
    ...copySession(online, dialect, existing, column.name),
    ...(online.algorithm === "INSTANT" ? {} : { reads: table, rebuilds: true }),
  };
}

/** The condition of rows with a value other than the default: adding the column again would not restore it. */
function isMoreThanDefault({ name, default: initial }: Column): string {
  if (initial === "NULL") return `${id(name)} IS NOT NULL`;
  if (initial === undefined || !/^(?:'|-?\d)/.test(initial)) return "TRUE";
  // Compared as bytes, because many collations treat 'x' and 'X' as equal.
  return initial.startsWith("'")
    ? `NOT (CAST(${id(name)} AS BINARY) <=> CAST(${initial} AS BINARY))`
    : `NOT (${id(name)} <=> ${initial})`;
}

/** An ALTER TABLE that gives the column the wanted form. It names no algorithm, so the server may copy the table. */
export function modifyColumn(table: string, column: ColumnSpec): Statement {
  return { sql: `ALTER TABLE ${id(table)} MODIFY COLUMN ${columnDefinition(column)}`, reads: table, locks: [table] };
}
