/** Catalog values as short SQL, for messages. */
import type { Column, ForeignKey, Index, Table } from "../model.ts";
import { plural } from "../plural.ts";

export function describeColumn(column: Column): string {
  if (column.generated !== undefined) return `${column.type} ${describeExpression(column.generated)}`;
  const words = [column.type, column.nullable ? "NULL" : "NOT NULL"];
  if (column.default !== undefined && column.default !== "NULL") words.push(`DEFAULT ${column.default}`);
  if (column.onUpdate !== undefined) words.push(`ON UPDATE ${column.onUpdate}`);
  if (column.autoIncrement) words.push("AUTO_INCREMENT");
  return words.join(" ");
}

/** "AS (left(`name`,8)) STORED" */
export function describeExpression({ expression, stored }: NonNullable<Column["generated"]>): string {
  return `AS (${expression}) ${stored ? "STORED" : "VIRTUAL"}`;
}

export function describeIndex(index: Index): string {
  const parts = index.parts.map(
    (part) => `${part.column}${part.prefix === undefined ? "" : `(${part.prefix})`}${part.descending ? " DESC" : ""}`,
  );
  const kind = {
    primary: "PRIMARY KEY",
    unique: "UNIQUE KEY",
    plain: "KEY",
    fulltext: "FULLTEXT KEY",
    spatial: "SPATIAL KEY",
  }[index.kind];
  return `${kind} (${parts.join(", ")})`;
}

export function describeForeignKey(key: ForeignKey): string {
  return `(${key.columns.join(", ")}) → ${describeParent(key)} ON DELETE ${key.onDelete}`;
}

/** "ProcessingJob (processingJobId)" */
export function describeParent({ parent }: Pick<ForeignKey, "parent">): string {
  return `${parent.database === undefined ? "" : `${parent.database}.`}${parent.table} (${parent.columns.join(", ")})`;
}

export function describeTable(table: Table): string {
  return `${table.engine} table with ${plural(table.columns.length, "column")}: ${table.columns.map((column) => `${column.name} ${column.type}`).join(", ")}`;
}
