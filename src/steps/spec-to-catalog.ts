/** Steps as catalog values: what the catalog shows after the step. */
import { charsetOf } from "../dialect/normalize/charset.ts";
import type { Catalog, Column, Table } from "../model.ts";
import { resolveForeignKey } from "./delete-rule-convention.ts";
import type { ColumnSpec, CreateTable } from "./step.ts";

/**
 * Our tables are latin1, like every table of both flavours that they are joined with. With the servers'
 * defaults, three servers would create three different tables.
 */
const tableDefaults = { engine: "InnoDB", charset: "latin1", collation: "latin1_swedish_ci" } as const;

const characterType = /^(?:char|varchar|tinytext|text|mediumtext|longtext|enum|set)\b/;

/** The column, with the character set and collation of its table. */
export function columnOf(spec: ColumnSpec, table: { readonly collation: string }): Column {
  const { accepts: _, ...column } = spec;
  const charset = characterType.test(spec.type)
    ? { charset: charsetOf(table.collation), collation: table.collation }
    : {};
  const implied =
    spec.nullable && spec.default === undefined && spec.generated === undefined ? { default: "NULL" } : {};
  return { ...column, ...implied, ...charset };
}

export function tableOf(step: CreateTable, catalog: Catalog): Table {
  return {
    name: step.table,
    ...tableDefaults,
    ...(step.comment === undefined ? {} : { comment: step.comment }),
    columns: step.columns.map((column) => columnOf(column, tableDefaults)),
    indexes: step.indexes,
    foreignKeys: step.foreignKeys.map((key) => resolveForeignKey(key, catalog)),
    checks: [],
    notUnderstood: [],
  };
}
