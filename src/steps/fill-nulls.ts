import { type Catalog, type Column, findColumn, findTable } from "../model.ts";
import { id } from "../sql.ts";
import { type StepHandler, mustFindTable } from "./contract.ts";
import { isNull, numberAnswered, updateOf } from "./row-questions.ts";
import type { FillNulls, FillValue } from "./step.ts";
import { noSuchColumn, noSuchTable } from "./verdict.ts";

export function fillNulls(table: string, column: string, value: FillValue): FillNulls {
  return { kind: "fillNulls", table, column, value };
}

/** Rows of one statement: a Galera cluster certifies a transaction as a whole, and replicas lag behind it. */
const BATCH = 5000;

export const handler: StepHandler<FillNulls> = {
  title: ({ table, column }) => `fill ${table}.${column} where it is NULL`,
  tables: ({ table, value }) => ("from" in value ? [table, value.from.table] : [table]),

  questions: (step, catalog) => (columnIn(step, catalog) === undefined ? [] : [countOf(step, catalog)]),

  inspect(step, { catalog, answers }) {
    if (columnIn(step, catalog)?.nullable === false) return { state: "present", notices: [] };
    for (const [name, column] of columnsOf(step)) {
      const table = findTable(catalog, name);
      if (table === undefined) return noSuchTable(name);
      if (findColumn(table, column) === undefined) return noSuchColumn(name, column);
    }
    return numberAnswered(answers, countOf(step, catalog)) === 0
      ? { state: "present", notices: [] }
      : { state: "absent" };
  },

  render(step, { catalog, answers }) {
    const { table: name, column, value } = step;
    const table = mustFindTable(findTable(catalog, name), name);
    return {
      sql: `${updateOf(name, table, column, valueOf(step), unfilled(step, catalog))} LIMIT ${BATCH}`,
      reads: name,
      locks: [],
      repeats: true,
      effect: effectOf(step, numberAnswered(answers, countOf(step, catalog))),
      ...("from" in value ? { session: { time_zone: "@@GLOBAL.time_zone" } } : {}),
    };
  },

  project: (_, { catalog }) => catalog,

  undo: ({ table, column }, { catalog }) => ({
    remains: `rows of ${table} keep the ${column} that they were given`,
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

function countOf(step: FillNulls, catalog: Catalog): string {
  return `SELECT COUNT(*) AS n FROM ${id(step.table)} WHERE ${unfilled(step, catalog)}`;
}

/** Tables with the columns of theirs that have to be there, the filled one first. */
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
 * A timestamp holds the seconds from 1 to 2^31 - 1 on every server: the way through them leaves out
 * zero dates, dates without a day and years that do not fit, and finds an instant for the hour that
 * the clocks skip in spring, all of which the session would refuse.
 */
function valueOf({ table, value }: FillNulls): string {
  if (!("from" in value)) return value.literal;
  const { from, literal } = value;
  const seconds = `UNIX_TIMESTAMP(parent.${id(from.column)})`;
  const fitting = `CASE WHEN ${seconds} BETWEEN 1 AND 2147483647 THEN FROM_UNIXTIME(${seconds}) END`;
  const tie = `parent.${id(from.by)} = ${id(table)}.${id(from.by)}`;
  return `COALESCE((SELECT ${fitting} FROM ${id(from.table)} AS parent WHERE ${tie}), ${literal})`;
}

function effectOf({ table, column, value }: FillNulls, count: number | undefined): string {
  const rows = count === 1 ? `1 row of ${table} gets` : `${count === undefined ? "" : `${count} `}rows of ${table} get`;
  return "from" in value
    ? `${rows} ${column} from ${value.from.table}.${value.from.column}, else ${value.literal}`
    : `${rows} ${column} ${value.literal}`;
}
