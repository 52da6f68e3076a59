import { type Catalog, type Column, findColumn, findTable } from "../model.ts";
import { counted } from "../plural.ts";
import { id } from "../sql.ts";
import { type StepHandler, mustFindTable } from "./contract.ts";
import { isNull, numberAnswered, updateOf } from "./row-questions.ts";
import type { FillNulls, FillValue } from "./step.ts";
import { noSuchColumn, noSuchTable } from "./verdict.ts";

export function fillNulls(table: string, column: string, value: FillValue): FillNulls {
  return { kind: "fillNulls", table, column, value };
}

/** Rows of one statement: a Galera cluster certifies a transaction as a whole, and a large one makes replicas lag. */
const BATCH = 5000;

export const handler: StepHandler<FillNulls> = {
  title: ({ table, column }) => `fill NULLs of ${table}.${column}`,
  missing: ({ table, column }) => `column ${table}.${column} has NULLs`,
  present: () => "nothing to do",
  tables: ({ table, value }) => ("from" in value ? [table, value.from.table] : [table]),

  questions: (step, catalog) => (columnIn(step, catalog) === undefined ? [] : [countUnfilled(step, catalog)]),

  inspect(step, { catalog, answers }) {
    if (columnIn(step, catalog)?.nullable === false) return { state: "present", notices: [] };
    for (const [name, column] of columnsOf(step)) {
      const table = findTable(catalog, name);
      if (table === undefined) return noSuchTable(name);
      if (findColumn(table, column) === undefined) return noSuchColumn(name, column);
    }
    return numberAnswered(answers, countUnfilled(step, catalog)) === 0
      ? { state: "present", notices: [] }
      : { state: "absent" };
  },

  render(step, { catalog, answers }) {
    const { table: name, column, value } = step;
    const table = mustFindTable(findTable(catalog, name), name);
    return {
      sql: `${updateOf(name, table, column, filledValue(step), unfilled(step, catalog))} LIMIT ${BATCH}`,
      reads: name,
      locks: [],
      repeats: true,
      effect: effectOf(step, numberAnswered(answers, countUnfilled(step, catalog))),
      ...("from" in value ? { session: { time_zone: "@@GLOBAL.time_zone" } } : {}),
    };
  },

  project: (_, { catalog }) => catalog,

  undo: ({ table, column }, { catalog }) => ({
    remains: `keeps the values that were filled into ${table}.${column}`,
    blocked: [],
    after: catalog,
  }),

  probe: (step, { catalog }) =>
    `SELECT NOT EXISTS (SELECT 1 FROM ${id(step.table)} WHERE ${unfilled(step, catalog)}) AS n`,
};

function columnIn({ table: name, column }: FillNulls, catalog: Catalog): Column | undefined {
  const table = findTable(catalog, name);
  return table === undefined ? undefined : findColumn(table, column);
}

function unfilled(step: FillNulls, catalog: Catalog): string {
  return isNull(columnIn(step, catalog) ?? { name: step.column, type: "" });
}

function countUnfilled(step: FillNulls, catalog: Catalog): string {
  return `SELECT COUNT(*) AS n FROM ${id(step.table)} WHERE ${unfilled(step, catalog)}`;
}

/** Tables and columns that must exist, the filled column first. */
function columnsOf({ table, column, value }: FillNulls): [table: string, column: string][] {
  if (!("from" in value)) return [[table, column]];
  const { from } = value;
  return [
    [table, column],
    [table, from.by],
    [from.table, from.by],
    [from.table, from.column],
  ];
}

/**
 * The value as SQL text. It converts through Unix seconds, because the session would refuse zero dates, dates
 * without a day, and years out of range. Seconds from 1 to 2^31 - 1 fit a timestamp on every server. The
 * conversion also gives an instant to times in the hour that the clocks skip in spring.
 */
function filledValue({ table, value }: FillNulls): string {
  if (!("from" in value)) return value.literal;
  const { from, literal } = value;
  const seconds = `UNIX_TIMESTAMP(parent.${id(from.column)})`;
  const fitting = `CASE WHEN ${seconds} BETWEEN 1 AND 2147483647 THEN FROM_UNIXTIME(${seconds}) END`;
  const tie = `parent.${id(from.by)} = ${id(table)}.${id(from.by)}`;
  return `COALESCE((SELECT ${fitting} FROM ${id(from.table)} AS parent WHERE ${tie}), ${literal})`;
}

function effectOf({ table, column, value }: FillNulls, count: number | undefined): string {
  const rows = count === undefined ? `rows of ${table}` : counted(count, `rows of ${table}`);
  return "from" in value
    ? `sets ${column} in ${rows} to ${value.from.table}.${value.from.column}, or to ${value.literal} if that is NULL or not a valid timestamp`
    : `sets ${column} in ${rows} to ${value.literal}`;
}
