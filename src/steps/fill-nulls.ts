import type { Difference } from "../catalog/difference.ts";
import {
  type Catalog,
  type Column,
  type IndexPart,
  type Table,
  findColumn,
  findTable,
  primaryKeyParts,
} from "../model.ts";
import { counted } from "../plural.ts";
import { id, text } from "../sql.ts";
import { type Answers, type StepHandler, mustFindTable } from "./contract.ts";
import { isNull, keptColumns, numberAnswered, updateOf } from "./row-questions.ts";
import type { FillNulls, FillValue } from "./step.ts";
import { conflicting, noSuchColumn, noSuchTable } from "./verdict.ts";

export function fillNulls(table: string, column: string, value: FillValue): FillNulls {
  return { kind: "fillNulls", table, column, value };
}

export const handler: StepHandler<FillNulls> = {
  title: ({ table, column }) => `fill NULLs of ${table}.${column}`,
  missing: ({ table, column }) => `column ${table}.${column} has NULLs`,
  present: () => "nothing to do",
  tables: ({ table, value }) => ("from" in value ? [table, value.from.table] : [table]),

  questions: (step, catalog) =>
    columnIn(step, catalog) === undefined ? [] : [countUnfilled(step, catalog), updateTriggers(step)],

  inspect(step, { catalog, answers }) {
    if (columnIn(step, catalog)?.nullable === false) return { state: "present", notices: [] };
    for (const [name, column] of columnsOf(step)) {
      const table = findTable(catalog, name);
      if (table === undefined) return noSuchTable(name);
      if (findColumn(table, column) === undefined) return noSuchColumn(name, column);
    }
    if (numberAnswered(answers, countUnfilled(step, catalog)) === 0) return { state: "present", notices: [] };
    const problem = keyProblem(mustFindTable(findTable(catalog, step.table), step.table));
    return problem === undefined ? { state: "absent" } : conflicting(problem);
  },

  render(step, { catalog, answers }) {
    const { table: name, column, value } = step;
    const table = mustFindTable(findTable(catalog, name), name);
    const where = unfilled(step, catalog);
    const rows = numberAnswered(answers, countUnfilled(step, catalog));
    return {
      sql: updateOf(name, table, column, filledValue(step), where),
      reads: name,
      locks: [],
      fill: {
        table: name,
        key: primaryKeyParts(table).map((part) => part.column),
        column,
        kept: keptColumns(table, column),
        where,
        literal: value.literal,
        ...("from" in value ? { seconds: secondsOf(name, value.from) } : {}),
        ...(rows === undefined ? {} : { rows }),
      },
      effect: effectOf(step, rows, answers),
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

/** The value as SQL text, for all rows at once. */
function filledValue({ table, value }: FillNulls): string {
  if (!("from" in value)) return value.literal;
  return `COALESCE(FROM_UNIXTIME(${secondsOf(table, value.from)}), ${value.literal})`;
}

/**
 * The time of the other table. It is read as Unix seconds, because the session would refuse zero dates, dates
 * without a day, and years out of range. Seconds from 1 to 2^31 - 1 fit a timestamp on every server. The
 * conversion also gives an instant to times in the hour that the clocks skip in spring.
 */
function secondsOf(table: string, from: Extract<FillValue, { from: unknown }>["from"]): string {
  const seconds = `UNIX_TIMESTAMP(parent.${id(from.column)})`;
  const fitting = `CASE WHEN ${seconds} BETWEEN 1 AND 2147483647 THEN ${seconds} END`;
  return `(SELECT ${fitting} FROM ${id(from.table)} AS parent WHERE parent.${id(from.by)} = ${id(table)}.${id(from.by)})`;
}

/** Types whose values come back from a client as they are stored, and sort as they compare. */
const keyTypes = /^(?:(?:tiny|small|medium|big)?int|decimal|(?:var)?char|(?:var)?binary|date\b(?!time))/;

/** The primary key, if it cannot find rows a few at a time. Any other way locks rows of other sessions, too. */
function keyProblem(table: Table): Difference | undefined {
  const parts = primaryKeyParts(table);
  const actual =
    parts.length === 0
      ? "has no primary key"
      : parts.map((part) => partProblem(table, part)).find((each) => each !== undefined);
  const expected = "a primary key by which rows are filled a few at a time";
  return actual === undefined
    ? undefined
    : { part: "table", object: table.name, aspect: "values", expected, found: actual };
}

function partProblem(table: Table, { column, prefix }: IndexPart): string | undefined {
  const has = `has ${column} in its primary key`;
  if (prefix !== undefined) return `${has}, of which only ${prefix} characters count`;
  const type = findColumn(table, column)?.type ?? "";
  return keyTypes.test(type) ? undefined : `${has}, ${type}`;
}

/** Names of the triggers that an UPDATE fires, as far as this account may see them. */
function updateTriggers({ table }: FillNulls): string {
  return (
    "SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() " +
    `AND EVENT_OBJECT_TABLE = ${text(table)} AND EVENT_MANIPULATION = 'UPDATE' ORDER BY TRIGGER_NAME`
  );
}

function effectOf(step: FillNulls, count: number | undefined, answers: Answers): string {
  const { table, column, value } = step;
  const rows = count === undefined ? `rows of ${table}` : counted(count, `rows of ${table}`);
  const fired = (answers.get(updateTriggers(step)) ?? []).map(({ name }) => String(name));
  const also =
    fired.length === 0
      ? ""
      : `; each row fires ${fired.length === 1 ? "the trigger" : "the triggers"} ${fired.join(", ")}`;
  return "from" in value
    ? `sets ${column} in ${rows} to ${value.from.table}.${value.from.column}, or to ${value.literal} if that is NULL or not a valid timestamp${also}`
    : `sets ${column} in ${rows} to ${value.literal}${also}`;
}
