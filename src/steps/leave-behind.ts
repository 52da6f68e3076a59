import type { Difference } from "../catalog/difference.ts";
import { type Catalog, type Table, findColumn, findTable, sameName } from "../model.ts";
import { id } from "../sql.ts";
import type { Answers, StepHandler } from "./contract.ts";
import { numberAnswered } from "./row-questions.ts";
import type { LeaveBehind } from "./step.ts";

export function leaveBehind(tables: readonly string[], column: LeaveBehind["column"]): LeaveBehind {
  return { kind: "leaveBehind", tables, column };
}

export const handler: StepHandler<LeaveBehind> = {
  title: (step) => `look for tables of an earlier design (${step.tables.join(", ")})`,
  missing: (step) => handler.title(step),
  present: (notices) => (notices.length === 0 ? "none there" : "left as they are"),
  tables: (step) => [...step.tables, step.column.table],

  questions: (step, catalog) => [
    ...(columnOwner(step, catalog) === undefined ? [] : [hasValues(step)]),
    ...step.tables.filter((table) => findTable(catalog, table) !== undefined).map(hasRows),
  ],

  inspect(step, { catalog, answers }) {
    const { table, name } = step.column;
    const owner = columnOwner(step, catalog);
    if (owner !== undefined && numberAnswered(answers, hasValues(step)) === 1) {
      const expected = "NULL in every row, because only an earlier design used this column";
      const difference = {
        part: "column",
        object: `${table}.${name}`,
        aspect: "values",
        expected,
        found: "has values in some rows",
      } as const;
      const kept = `legacy${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const advice = [
        `either keep the values under another name: ALTER TABLE ${id(table)} RENAME COLUMN ${id(name)} TO ${id(kept)};`,
        `or delete the values: UPDATE ${id(table)} SET ${id(name)} = NULL;`,
      ];
      return { state: "conflict", conflicts: [{ difference, advice }], notices: [] };
    }
    return {
      state: "present",
      notices: [
        ...(owner === undefined ? [] : [leftColumn(step, owner)]),
        ...step.tables.filter((each) => findTable(catalog, each) !== undefined).map((each) => leftTable(each, answers)),
      ],
    };
  },

  render: neverPending,
  project: neverPending,

  undo: (_, { catalog }) => ({ blocked: [], after: catalog }),

  probe: () => "SELECT 1 AS n",
};

function neverPending(step: LeaveBehind): never {
  throw new Error(`statement of a step that changes nothing: ${handler.title(step)}`);
}

function hasRows(table: string): string {
  return `SELECT EXISTS (SELECT 1 FROM ${id(table)}) AS n`;
}

function hasValues({ column: { table, name } }: LeaveBehind): string {
  return `SELECT EXISTS (SELECT 1 FROM ${id(table)} WHERE ${id(name)} IS NOT NULL) AS n`;
}

/** The table of the column; undefined if there is no such column. */
function columnOwner({ column }: LeaveBehind, catalog: Catalog): Table | undefined {
  const table = findTable(catalog, column.table);
  return table === undefined || findColumn(table, column.name) === undefined ? undefined : table;
}

function left(part: Difference["part"], object: string, state: string, sql: readonly string[]): Difference {
  return {
    part,
    object,
    aspect: "left over",
    found: `${state}; to drop it: ${sql.map((each) => `${each};`).join(" ")}`,
  };
}

/** The column's notice, which precedes those of the tables: its foreign key refers to one of them. */
function leftColumn({ column: { table, name } }: LeaveBehind, owner: Table): Difference {
  const keys = owner.foreignKeys.filter((key) => key.columns.some((column) => sameName(column, name)));
  return left("column", `${table}.${name}`, "NULL in every row", [
    ...keys.map((key) => `ALTER TABLE ${id(table)} DROP FOREIGN KEY ${id(key.name)}`),
    `ALTER TABLE ${id(table)} DROP COLUMN ${id(name)}`,
  ]);
}

function leftTable(table: string, answers: Answers): Difference {
  const state = numberAnswered(answers, hasRows(table)) === 1 ? "with rows" : "empty";
  return left("table", table, state, [`DROP TABLE ${id(table)}`]);
}
