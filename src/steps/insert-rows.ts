import type { Difference } from "../catalog/difference.ts";
import { type Catalog, findColumn, findTable, sameName } from "../model.ts";
import { counted } from "../plural.ts";
import { id, idList, text } from "../sql.ts";
import { type Answers, type Refusal, type StepHandler, mustFindTable } from "./contract.ts";
import { referringKeys } from "./dependants.ts";
import { recorded } from "./recorded-before.ts";
import type { InsertRows, LookupValue } from "./step.ts";
import { conflicting, noSuchColumn, noSuchTable } from "./verdict.ts";

export function insertRows(table: string, key: string, rows: InsertRows["rows"]): InsertRows {
  return { kind: "insertRows", table, key, rows };
}

type LookupRow = InsertRows["rows"][number];
type FoundRow = Readonly<Record<string, unknown>>;

export const handler: StepHandler<InsertRows> = {
  title: (step) => `insert rows into ${step.table}`,
  missing: (step) => `rows are missing in ${step.table}`,
  tables: (step) => [step.table],

  questions: (step, catalog) => (missingColumn(step, catalog) === undefined ? [rowsOf(step)] : []),

  inspect(step, { catalog, answers }) {
    if (findTable(catalog, step.table) === undefined) return noSuchTable(step.table);
    const column = missingColumn(step, catalog);
    if (column !== undefined) return noSuchColumn(step.table, column);
    const required = requiredColumns(step, catalog);
    if (required.length > 0 && missingRows(step, answers).length > 0) {
      const difference = {
        part: "column",
        aspect: "default",
        expected: "a default value (the rows to insert do not set this column)",
        found: "none",
      } as const;
      return conflicting(...required.map((name) => ({ ...difference, object: `${step.table}.${name}` })));
    }
    if (missingRows(step, answers).length > 0) return { state: "absent" };
    return {
      state: "present",
      notices: step.rows.flatMap((row) => changedValues(step, row, findRow(step, row, answers))),
    };
  },

  render(step, { answers }) {
    const rows = missingRows(step, answers);
    const columns = columnsOf(step);
    const tuples = rows.map((row) => `(${columns.map((column) => literal(row[column] ?? null)).join(", ")})`);
    const ids = rows.map((row) => row[step.key]);
    return {
      sql: `INSERT INTO ${id(step.table)} ${idList(columns)} VALUES ${tuples.join(", ")}`,
      locks: [],
      effect: `inserts ${counted(ids.length, "rows")} into ${step.table}: ${step.key} ${ids.join(", ")}`,
      before: { ids },
    };
  },

  project: (_, { catalog }) => catalog,

  inPart: (step, { answers }) => missingRows(step, answers).length < step.rows.length,

  undo(step, { catalog }, before) {
    const { table, key } = step;
    const isOurs = (value: unknown): value is readonly LookupValue[] =>
      Array.isArray(value) && value.length > 0 && value.every((each) => step.rows.some((row) => row[key] === each));
    const ids = recorded(before, "ids", isOurs, handler.title(step));
    const ours = `${id(key)} IN (${ids.map(literal).join(", ")})`;
    const unchanged = step.rows.filter((row) => ids.includes(row[key] ?? null)).map((row) => `(${matches(row)})`);
    return {
      statement: { sql: `DELETE FROM ${id(table)} WHERE ${ours}`, locks: [] },
      loss: {
        table,
        // `up` inserts the rows again, and the saved values are set in them.
        of: { columns: valuesOf(step, catalog) },
        where: `${ours} AND NOT (${unchanged.join(" OR ")})`,
        what: `rows of ${table} that were changed after the insert`,
      },
      hold: "lock",
      removes: ours,
      refusals: refusalsOf(step, ours, catalog),
      blocked: [],
      after: catalog,
    };
  },

  probe: (step) =>
    `SELECT COUNT(*) = ${step.rows.length} AS n FROM ${id(step.table)} WHERE ${id(step.key)} IN ${keys(step)}`,
};

/** Counts of rows that refer to ours: by its delete rule the server would refuse, delete the row or set it to NULL. */
function refusalsOf({ table: name }: InsertRows, ours: string, catalog: Catalog): Refusal[] {
  const table = mustFindTable(findTable(catalog, name), name);
  return referringKeys(catalog, table).map(({ table: child, key: { columns, parent } }) => {
    const named = `SELECT ${parent.columns.map(id).join(", ")} FROM ${id(name)} WHERE ${ours}`;
    const left = child === table ? ` AND NOT (${ours})` : "";
    return {
      table: child.name,
      counts: `rows of ${child.name} with a reference (${columns.join(", ")}) to rows of ${name} that would be deleted`,
      sql: `SELECT COUNT(*) AS n FROM ${id(child.name)} WHERE ${idList(columns)} IN (${named})${left}`,
    };
  });
}

/** Every column but the key and generated columns; includes the facility's own columns. */
function valuesOf({ table: name, key }: InsertRows, catalog: Catalog): string[] {
  const { columns } = mustFindTable(findTable(catalog, name), name);
  return columns.filter((each) => each.generated === undefined && !sameName(each.name, key)).map((each) => each.name);
}

/** The facility's own columns that an INSERT must set. */
function requiredColumns(step: InsertRows, catalog: Catalog): string[] {
  const named = columnsOf(step);
  return (findTable(catalog, step.table)?.columns ?? [])
    .filter(({ nullable, generated, autoIncrement, ...column }) => {
      const isFilled = nullable || generated !== undefined || autoIncrement === true || column.default !== undefined;
      return !isFilled && !named.some((name) => sameName(name, column.name));
    })
    .map(({ name }) => name);
}

function rowsOf(step: InsertRows): string {
  return `SELECT ${columnsOf(step).map(id).join(", ")} FROM ${id(step.table)} WHERE ${id(step.key)} IN ${keys(step)}`;
}

function columnsOf({ rows }: InsertRows): string[] {
  return [...new Set(rows.flatMap(Object.keys))];
}

function keys({ key, rows }: InsertRows): string {
  return `(${rows.map((row) => literal(row[key] ?? null)).join(", ")})`;
}

function missingColumn(step: InsertRows, catalog: Catalog): string | undefined {
  const table = findTable(catalog, step.table);
  return columnsOf(step).find((column) => table === undefined || findColumn(table, column) === undefined);
}

/** The rows to insert: all of them if the question was not asked, because the table does not exist yet. */
function missingRows(step: InsertRows, answers: Answers): readonly LookupRow[] {
  return step.rows.filter((row) => findRow(step, row, answers) === undefined);
}

function findRow(step: InsertRows, row: LookupRow, answers: Answers): FoundRow | undefined {
  return answers.get(rowsOf(step))?.find((each) => formatCell(each[step.key]) === formatCell(row[step.key]));
}

/** The differences of an existing row with our id: reported, never updated. */
function changedValues({ table, key }: InsertRows, row: LookupRow, there: FoundRow = {}): Difference[] {
  return Object.entries(row)
    .map(([column, value]) => ({ column, expected: formatCell(value), found: formatCell(there[column]) }))
    .filter(({ expected, found: own }) => expected !== own)
    .map(({ column, ...values }) => ({ part: "row", object: `${table} ${row[key]}`, aspect: column, ...values }));
}

/** The value as text, to compare both sides: drivers return numbers in different types. */
function formatCell(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Compares texts as bytes of utf8mb4, because many collations treat 'x' and 'X' as equal. */
function matches(row: LookupRow): string {
  return Object.entries(row)
    .map(([column, value]) =>
      typeof value === "string"
        ? `CAST(CONVERT(${id(column)} USING utf8mb4) AS BINARY) <=> CAST(${text(value)} AS BINARY)`
        : `${id(column)} <=> ${literal(value)}`,
    )
    .join(" AND ");
}

function literal(value: LookupValue): string {
  if (value === null) return "NULL";
  return typeof value === "number" ? String(value) : text(value);
}
