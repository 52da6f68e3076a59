/** Steps as the catalog values that the server will have made of them. */
import { charsetOf } from "../dialect/normalize/charset.ts";
import type { Catalog, Column, Table } from "../model.ts";
import { resolveForeignKey } from "./delete-rule-convention.ts";
import type { ColumnSpec, CreateTable } from "./step.ts";

/**
 * Tables of ours are latin1, as every table of both flavours that they are joined with; a server's
 * default would make three different tables on three servers.
 */
const tableDefaults = { engine: "InnoDB", charset: "latin1", collation: "latin1_swedish_ci" } as const;

const characterType = /^(?:char|varchar|tinytext|text|mediumtext|longtext|enum|set)\b/;

/** A column takes character set and collation from its table. */
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
