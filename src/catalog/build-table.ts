import type { Dialect } from "../dialect/dialect.ts";
import { canonicalCharset, canonicalCollation, charsetOf } from "../dialect/normalize/charset.ts";
import { defaultFromSqlText, defaultFromValue, onUpdateFromExtra } from "../dialect/normalize/default.ts";
import { canonicalType, hasOldTimes, isCompressed } from "../dialect/normalize/type.ts";
import { type Column, HISTORY_PARTITIONS, type Index, type IndexPart, ROW_END, type Table } from "../model.ts";
import type { ColumnRow, IndexRow, TableRow } from "./information-schema.ts";
import type { Constraints } from "./show-create.ts";

interface TableParts {
  readonly table: TableRow;
  readonly columns: readonly ColumnRow[];
  readonly indexes: readonly IndexRow[];
  readonly constraints: Constraints;
}

/** Builds one table in the canonical form of src/model.ts from the server's rows. */
export function buildTable(dialect: Dialect, facts: TableParts): Table {
  const { table, constraints } = facts;
  const collation = canonicalCollation(table.TABLE_COLLATION ?? "");
  const indexes = [...Map.groupBy(facts.indexes, (row) => row.INDEX_NAME).values()];
  const json = dialect.can.jsonIsCheckedText ? jsonColumns(constraints) : new Set<string>();
  const columnChecks = [...constraints.columnChecks].filter(([column]) => !json.has(column));
  return {
    name: table.TABLE_NAME,
    engine: table.ENGINE ?? "",
    charset: charsetOf(collation),
    collation,
    ...(table.TABLE_COMMENT === "" ? {} : { comment: table.TABLE_COMMENT }),
    ...(table.ROW_FORMAT?.toLowerCase() === "compressed" ? { compressed: true } : {}),
    ...(/^(?:compact|redundant)$/i.test(table.ROW_FORMAT ?? "") ? { shortKeys: true } : {}),
    ...(facts.columns.some((row) => hasOldTimes(row.COLUMN_TYPE)) ? { oldTimes: true } : {}),
    columns: facts.columns.map((row) => buildColumn(dialect, row, { json, checks: new Map(columnChecks) })),
    indexes: indexes.map((rows) => buildIndex(withoutRowEnd(rows, facts.columns))),
    foreignKeys: constraints.foreignKeys,
    checks: [...constraints.checks, ...columnChecks.map(([name, expression]) => ({ name, expression }))],
    notUnderstood: [
      ...(table.TABLE_TYPE === "BASE TABLE" ? [] : [table.TABLE_TYPE.toLowerCase()]),
      ...(constraints.partitioned ? ["partitions"] : []),
      ...(constraints.historyPartitions ? [HISTORY_PARTITIONS] : []),
      ...constraints.unknown,
      ...indexes
        .filter((rows) => rows.some((row) => row.COLUMN_NAME === null))
        .map((rows) => `index ${rows[0]?.INDEX_NAME} on an expression`),
    ],
  };
}

function jsonColumns(constraints: Constraints): Set<string> {
  const checked = [...constraints.columnChecks].filter(([column, check]) => check === `json_valid(\`${column}\`)`);
  return new Set(checked.map(([column]) => column));
}

interface OfColumns {
  /** Names of the JSON columns. */
  readonly json: ReadonlySet<string>;
  readonly checks: ReadonlyMap<string, string>;
}

function buildColumn(dialect: Dialect, row: ColumnRow, { json, checks }: OfColumns): Column {
  const isJson = json.has(row.COLUMN_NAME);
  const check = checks.get(row.COLUMN_NAME);
  const type = isJson ? "json" : canonicalType(row.COLUMN_TYPE);
  const nullable = row.IS_NULLABLE === "YES";
  const facts = { type, nullable, stored: row.COLUMN_DEFAULT, extra: row.EXTRA };
  const generated = row.GENERATION_EXPRESSION ?? "";
  const byDefault = dialect.can.defaultIsSqlText ? defaultFromSqlText(facts) : defaultFromValue(facts);
  const onUpdate = onUpdateFromExtra(row.EXTRA);
  return {
    name: row.COLUMN_NAME,
    type,
    nullable,
    ...(byDefault === undefined || generated !== "" ? {} : { default: byDefault }),
    ...(/auto_increment/i.test(row.EXTRA) ? { autoIncrement: true } : {}),
    ...(onUpdate === undefined ? {} : { onUpdate }),
    ...(row.CHARACTER_SET_NAME === null || isJson ? {} : { charset: canonicalCharset(row.CHARACTER_SET_NAME) }),
    ...(row.COLLATION_NAME === null || isJson ? {} : { collation: canonicalCollation(row.COLLATION_NAME) }),
    ...(generated === "" ? {} : { generated: { expression: generated, stored: /stored|persistent/i.test(row.EXTRA) } }),
    ...(/\bINVISIBLE\b/i.test(row.EXTRA) ? { invisible: true } : {}),
    ...(isCompressed(row.COLUMN_TYPE) ? { compressed: true } : {}),
    ...(check === undefined ? {} : { check }),
    ...(row.COLUMN_COMMENT === "" ? {} : { comment: row.COLUMN_COMMENT }),
  };
}

function buildIndex(rows: readonly IndexRow[]): Index {
  const [first] = rows;
  const comment = first?.INDEX_COMMENT ?? "";
  return {
    name: first?.INDEX_NAME ?? "",
    kind: indexKind(first),
    parts: rows.map(buildPart),
    ...(first?.INDEX_TYPE === "HASH" ? { hash: true } : {}),
    ...(first?.IGNORED === "YES" ? { ignored: true } : {}),
    ...(comment === "" ? {} : { comment }),
  };
}

/** The rows of an index as it was written: a server that keeps history adds the end of each row to every unique key. */
function withoutRowEnd(rows: readonly IndexRow[], columns: readonly ColumnRow[]): readonly IndexRow[] {
  const end = columns.find((column) => column.GENERATION_EXPRESSION === ROW_END)?.COLUMN_NAME;
  const own = rows.filter((row) => row.COLUMN_NAME !== end);
  return end === undefined || own.length === 0 || Number(rows[0]?.NON_UNIQUE) !== 0 ? rows : own;
}

function indexKind(row: IndexRow | undefined): Index["kind"] {
  if (row?.INDEX_NAME === "PRIMARY") return "primary";
  if (row?.INDEX_TYPE === "FULLTEXT") return "fulltext";
  if (row?.INDEX_TYPE === "SPATIAL") return "spatial";
  return Number(row?.NON_UNIQUE) === 0 ? "unique" : "plain";
}

function buildPart(row: IndexRow): IndexPart {
  const prefixed = row.SUB_PART !== null && row.INDEX_TYPE !== "SPATIAL";
  return {
    column: row.COLUMN_NAME ?? row.EXPRESSION ?? "",
    ...(prefixed ? { prefix: Number(row.SUB_PART) } : {}),
    ...(row.COLLATION === "D" ? { descending: true } : {}),
  };
}
