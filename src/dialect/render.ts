/** Catalog values as SQL for both vendors. */
import {
  type Check,
  type Column,
  type ForeignKey,
  HISTORY_PARTITIONS,
  type Index,
  type IndexPart,
  type Online,
  ROW_END,
  ROW_START,
  type ReferenceRule,
  type Table,
} from "../model.ts";
import { id, idList, text } from "../sql.ts";

export function columnDefinition(column: Column): string {
  const words = [id(column.name), column.type];
  if (column.compressed) words.push("COMPRESSED");
  if (column.charset !== undefined) words.push(`CHARACTER SET ${column.charset}`);
  if (column.collation !== undefined) words.push(`COLLATE ${column.collation}`);
  if (column.generated !== undefined) {
    words.push(
      `GENERATED ALWAYS AS (${column.generated.expression}) ${column.generated.stored ? "STORED" : "VIRTUAL"}`,
    );
  } else {
    words.push(column.nullable ? "NULL" : "NOT NULL");
    if (column.default !== undefined && !isImpliedNull(column)) words.push(`DEFAULT ${column.default}`);
    if (column.onUpdate !== undefined) words.push(`ON UPDATE ${column.onUpdate}`);
    if (column.autoIncrement) words.push("AUTO_INCREMENT");
  }
  if (column.invisible) words.push("INVISIBLE");
  if (column.comment !== undefined) words.push(`COMMENT ${text(column.comment)}`);
  if (column.check !== undefined) words.push(`CHECK (${column.check})`);
  return words.join(" ");
}

/** True for DEFAULT NULL of a nullable column: it is implied, and old servers refuse it on TEXT and BLOB. */
function isImpliedNull(column: Column): boolean {
  return column.nullable && column.default === "NULL";
}

export function indexDefinition(index: Index): string {
  const parts = `(${index.parts.map(indexPart).join(", ")})`;
  const comment = index.comment === undefined ? "" : ` COMMENT ${text(index.comment)}`;
  switch (index.kind) {
    case "primary":
      return `PRIMARY KEY ${parts}${comment}`;
    case "unique":
      return `UNIQUE KEY ${id(index.name)} ${parts}${comment}`;
    case "plain":
      return `KEY ${id(index.name)} ${parts}${comment}`;
    case "fulltext":
      return `FULLTEXT KEY ${id(index.name)} ${parts}${comment}`;
    case "spatial":
      return `SPATIAL KEY ${id(index.name)} ${parts}${comment}`;
  }
}

function indexPart(part: IndexPart): string {
  return `${id(part.column)}${part.prefix === undefined ? "" : `(${part.prefix})`}${part.descending ? " DESC" : ""}`;
}

export function foreignKeyDefinition(key: ForeignKey): string {
  const parent =
    key.parent.database === undefined ? id(key.parent.table) : `${id(key.parent.database)}.${id(key.parent.table)}`;
  return (
    `CONSTRAINT ${id(key.name)} FOREIGN KEY ${idList(key.columns)} ` +
    `REFERENCES ${parent} ${idList(key.parent.columns)}` +
    ruleClause("DELETE", key.onDelete, key.restrict?.onDelete) +
    ruleClause("UPDATE", key.onUpdate, key.restrict?.onUpdate)
  );
}

/** RESTRICT in the words in which the server had printed it: a key that is made again has the same text. */
function ruleClause(event: "DELETE" | "UPDATE", rule: ReferenceRule, words?: "NO ACTION" | "nothing"): string {
  if (rule !== "RESTRICT" || words === undefined) return ` ON ${event} ${rule}`;
  return words === "nothing" ? "" : ` ON ${event} ${words}`;
}

/** True for a CHECK that the definition of its column has. */
function isOfColumn({ name, expression }: Check, table: Table): boolean {
  return table.columns.some((column) => column.name === name && column.check === expression);
}

function checkDefinition(check: Check): string {
  return `CONSTRAINT ${id(check.name)} CHECK (${check.expression})`;
}

/** One ALTER TABLE with algorithm and lock: the server refuses it instead of falling back to a copy. */
export function alterTableSql(table: string, clause: string, online: Online): string {
  return `ALTER TABLE ${id(table)} ${clause}, ALGORITHM=${online.algorithm}, LOCK=${online.lock}`;
}

/** The statement with this time for now, in seconds since 1970; only MariaDB has it. */
export function underClock(sql: string, clock: number | undefined): string {
  return clock === undefined ? sql : `SET STATEMENT timestamp = ${clock} FOR ${sql}`;
}

/** The same ALTER TABLE with another algorithm and lock. */
export function withOnline(sql: string, { algorithm, lock }: Online): string {
  return sql.replace(/ALGORITHM=\w+, LOCK=\w+$/, `ALGORITHM=${algorithm}, LOCK=${lock}`);
}

/** Statements that end the history of a table, with the partitions and columns for it that are part of its definition. */
export function endVersioning(table: Table): string[] {
  const own = table.columns.filter(({ generated }) => [ROW_START, ROW_END].includes(generated?.expression ?? ""));
  const clauses = ["DROP SYSTEM VERSIONING", ...own.map(({ name }) => `DROP COLUMN ${id(name)}`)];
  const alter = `ALTER TABLE ${id(table.name)} ${clauses.join(", ")}`;
  return [
    ...(table.notUnderstood.includes(HISTORY_PARTITIONS) ? [`ALTER TABLE ${id(table.name)} REMOVE PARTITIONING;`] : []),
    // Together with a change of columns the server asks first what becomes of the history (error 4119, measured).
    `${own.length === 0 ? alter : `SET STATEMENT system_versioning_alter_history = KEEP FOR ${alter}`};   -- its earlier forms of rows are lost: save them first if you need them`,
  ];
}

/** One CREATE TABLE with explicit engine and character set, because server defaults differ. */
export function createTableSql(table: Table): string {
  const lines = [
    ...table.columns.map((column) => columnDefinition(withoutInherited(column, table))),
    ...table.indexes.map(indexDefinition),
    ...table.foreignKeys.map(foreignKeyDefinition),
    ...table.checks.filter((check) => !isOfColumn(check, table)).map(checkDefinition),
  ];
  const comment = table.comment === undefined ? "" : ` COMMENT=${text(table.comment)}`;
  return (
    `CREATE TABLE ${id(table.name)} (\n  ${lines.join(",\n  ")}\n) ` +
    `ENGINE=${table.engine} DEFAULT CHARSET=${table.charset} COLLATE=${table.collation}${table.compressed ? " ROW_FORMAT=COMPRESSED" : ""}${comment}`
  );
}

/** The column without character set and collation, if it inherits both from its table. */
export function withoutInherited(column: Column, table: Table): Column {
  if (column.charset !== table.charset || column.collation !== table.collation) return column;
  const { charset: _charset, collation: _collation, ...rest } = column;
  return rest;
}
