/**
 * The form of tables as one digest that the server computes: the same SQL runs when a script is written and when it
 * is executed. Every account with SELECT on the tables gets the same digest. Delete rules are the exception: the
 * servers hide them from an account that may only read (measured, MariaDB 10.11). Their digest is computed here, from
 * SHOW CREATE TABLE.
 */
import { createHash } from "node:crypto";
import type { Dialect } from "../dialect/dialect.ts";
import { type Catalog, findTable } from "../model.ts";
import { text } from "../sql.ts";
import { type SchemaPart, samePart } from "./schema-parts.ts";

/** Raises the limit of GROUP_CONCAT: the text below each digest is longer than the servers' defaults. */
export const roomForForms = "SET SESSION group_concat_max_len = 16777216";

interface View {
  readonly view: string;
  readonly schema: string;
  readonly name: string;
  readonly values: readonly string[];
  readonly only?: string;
}

const views: Readonly<Record<SchemaPart["kind"], View>> = {
  table: {
    view: "TABLES",
    schema: "TABLE_SCHEMA",
    name: "TABLE_NAME",
    values: ["TABLE_TYPE", "ENGINE", "ROW_FORMAT", "TABLE_COLLATION"],
  },
  column: {
    view: "COLUMNS",
    schema: "TABLE_SCHEMA",
    name: "COLUMN_NAME",
    values: [
      "COLUMN_TYPE",
      "IS_NULLABLE",
      "COLUMN_DEFAULT",
      "EXTRA",
      "COLLATION_NAME",
      "GENERATION_EXPRESSION",
      "COLUMN_COMMENT",
    ],
  },
  index: {
    view: "STATISTICS",
    schema: "TABLE_SCHEMA",
    name: "INDEX_NAME",
    values: ["SEQ_IN_INDEX", "COLUMN_NAME", "SUB_PART", "COLLATION", "NON_UNIQUE", "INDEX_TYPE"],
  },
  "foreign key": {
    view: "KEY_COLUMN_USAGE",
    schema: "TABLE_SCHEMA",
    name: "CONSTRAINT_NAME",
    values: [
      "ORDINAL_POSITION",
      "COLUMN_NAME",
      "REFERENCED_TABLE_SCHEMA",
      "REFERENCED_TABLE_NAME",
      "REFERENCED_COLUMN_NAME",
    ],
    only: "REFERENCED_TABLE_NAME IS NOT NULL",
  },
};

const deleteRules: View = {
  view: "REFERENTIAL_CONSTRAINTS",
  schema: "CONSTRAINT_SCHEMA",
  name: "CONSTRAINT_NAME",
  // InnoDB treats both alike, and so does src/model.ts.
  values: ["IF(DELETE_RULE = 'NO ACTION', 'RESTRICT', DELETE_RULE)"],
};

/** SQL for the form of these tables, without the parts in `except`. */
export function formOfTables(tables: readonly string[], except: readonly SchemaPart[], { names }: Dialect): string {
  const kinds = Object.entries(views) as [SchemaPart["kind"], View][];
  const parts = kinds.map(([kind, view]) => lines(view, among(tables), ...but(kind, view, except)));
  return digest([...parts, lines(checks(names.checksView), among(tables))].join(" UNION ALL "));
}

/** CHECK constraints: no step creates or changes one, but changing a column could lose one. */
function checks(view: string): View {
  return { view, schema: "CONSTRAINT_SCHEMA", name: "CONSTRAINT_NAME", values: ["CHECK_CLAUSE"] };
}

/** SQL for the form of one part. */
export function formOfPart(part: SchemaPart): string {
  const view = views[part.kind];
  return digest(lines(view, is(view, part)));
}

/** SQL for the delete rules of these tables' foreign keys, without the parts in `except`. */
export function deleteRulesOf(tables: readonly string[], except: readonly SchemaPart[]): string {
  return digest(lines(deleteRules, among(tables), ...but("foreign key", deleteRules, except)));
}

/** The digest that the SQL of `deleteRulesOf` has to return on this catalog. */
export function expectedDeleteRules(
  catalog: Catalog,
  tables: readonly string[],
  except: readonly SchemaPart[],
): string {
  const rules = tables.flatMap((name) => {
    const { name: table = name, foreignKeys = [] } = findTable(catalog, name) ?? {};
    return foreignKeys
      .filter((key) => !except.some((part) => samePart(part, { kind: "foreign key", table, name: key.name })))
      .map((key) => [table, key.name, key.onDelete].map(quoted).join(" "));
  });
  const sorted = rules.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return createHash("sha256").update(sorted.join(",")).digest("hex");
}

function digest(rows: string): string {
  return `SELECT SHA2(COALESCE(GROUP_CONCAT(line ORDER BY line SEPARATOR ','), ''), 256) AS form FROM (${rows}) AS form`;
}

/** One line per row; as bytes, because these columns have different collations on different servers. */
function lines({ view, schema, name, values, only }: View, ...conditions: readonly string[]): string {
  const line = ["TABLE_NAME", name, ...values].map((value) => `QUOTE(${value})`).join(", ");
  const where = [`${schema} = DATABASE()`, ...(only === undefined ? [] : [only]), ...conditions];
  return `SELECT CAST(CONCAT_WS(' ', ${line}) AS BINARY) AS line FROM information_schema.${view} WHERE ${where.join(" AND ")}`;
}

function among(tables: readonly string[]): string {
  return `TABLE_NAME IN (${tables.map(text).join(", ") || "NULL"})`;
}

function but(kind: SchemaPart["kind"], view: View, except: readonly SchemaPart[]): string[] {
  return except.filter((part) => part.kind === kind).map((part) => `NOT (${is(view, part)})`);
}

function is({ name }: View, part: SchemaPart): string {
  return `TABLE_NAME = ${text(part.table)} AND ${name} = ${text(part.name)}`;
}

/** Quotes a value as QUOTE() does. */
function quoted(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
