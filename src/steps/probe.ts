/**
 * Queries that tell if an object exists in the database in use. They are the counterpart of a step's `inspect`
 * for a script that runs in the stock client. Each returns one row with one column `n`.
 */
import type { ForeignKey, Index } from "../model.ts";
import { text } from "../sql.ts";

export function tableProbe(table: string): string {
  return `SELECT COUNT(*) AS n FROM information_schema.TABLES WHERE ${here(table)}`;
}

export function columnProbe(table: string, column: string): string {
  return `SELECT COUNT(*) AS n FROM information_schema.COLUMNS WHERE ${here(table)} AND COLUMN_NAME = ${text(column)}`;
}

/** Finds an index by kind and columns, under any name. */
export function indexProbe(table: string, index: Index): string {
  const parts = index.parts.map(
    (part) => `${part.column.toLowerCase()}(${part.prefix ?? ""})${part.descending ? "D" : "A"}`,
  );
  const actual = "CONCAT(LOWER(IFNULL(COLUMN_NAME, '')), '(', IFNULL(SUB_PART, ''), ')', IFNULL(COLLATION, 'A'))";
  return groups(
    `SELECT 1 FROM information_schema.STATISTICS WHERE ${here(table)} AND ${ofKind[index.kind]} ` +
      `GROUP BY INDEX_NAME HAVING ${inOrder(actual, "SEQ_IN_INDEX")} = ${text(parts.join(","))}`,
  );
}

const ofKind: Readonly<Record<Index["kind"], string>> = {
  primary: "INDEX_NAME = 'PRIMARY'",
  unique: "INDEX_NAME <> 'PRIMARY' AND NON_UNIQUE = 0",
  plain: "NON_UNIQUE = 1 AND INDEX_TYPE NOT IN ('FULLTEXT', 'SPATIAL')",
  fulltext: "INDEX_TYPE = 'FULLTEXT'",
  spatial: "INDEX_TYPE = 'SPATIAL'",
};

/** Finds a foreign key by columns and target, under any name. */
export function foreignKeyProbe(table: string, key: Pick<ForeignKey, "columns" | "parent">): string {
  return groups(namesOfKeys(table, key));
}

/** True for such a foreign key if none of them is RESTRICT. */
export function unrestrictedKeyProbe(table: string, key: Pick<ForeignKey, "columns" | "parent">): string {
  return (
    "SELECT COUNT(*) > 0 AND SUM(DELETE_RULE IN ('RESTRICT', 'NO ACTION')) = 0 AS n " +
    "FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE() " +
    `AND TABLE_NAME = ${text(table)} AND CONSTRAINT_NAME IN (${namesOfKeys(table, key)})`
  );
}

function namesOfKeys(table: string, key: Pick<ForeignKey, "columns" | "parent">): string {
  const ties = key.columns.map((column, at) => `${column}>${key.parent.columns[at] ?? ""}`.toLowerCase());
  const actual = "CONCAT(LOWER(COLUMN_NAME), '>', LOWER(REFERENCED_COLUMN_NAME))";
  return (
    `SELECT CONSTRAINT_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE ${here(table)} ` +
    `AND REFERENCED_TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME = ${text(key.parent.table)} ` +
    `GROUP BY CONSTRAINT_NAME HAVING ${inOrder(actual, "ORDINAL_POSITION")} = ${text(ties.join(","))}`
  );
}

const here = (table: string) => `TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${text(table)}`;
const inOrder = (value: string, by: string) => `GROUP_CONCAT(${value} ORDER BY ${by} SEPARATOR ',')`;
const groups = (sql: string) => `SELECT COUNT(*) AS n FROM (${sql}) AS counted`;
