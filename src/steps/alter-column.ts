import { columnChange } from "../dialect/column-change.ts";
import { alterTableSql, columnDefinition, withoutInherited } from "../dialect/render.ts";
import { type Catalog, type Column, type Table, findColumn, findTable, sameName, withTable } from "../model.ts";
import { type Facts, type Statement, mustFindTable } from "./contract.ts";
import { copySession } from "./copy-session.ts";

export type ColumnStatement = Statement & Required<Pick<Statement, "clause">>;

/** An ALTER TABLE that changes the column from one form to another. `name` is the table's name as the step spells it. */
export function alterColumn(name: string, table: Table, from: Column, to: Column, { dialect }: Facts): ColumnStatement {
  const { online, readsRows } = columnChange(from, to, table, dialect);
  const definition = columnDefinition(withoutInherited(to, table));
  return {
    sql: alterTableSql(name, `MODIFY COLUMN ${definition}`, online),
    clause: { verb: "MODIFY COLUMN", column: to.name, definition },
    online,
    locks: [name],
    ...copySession(online, dialect, table, from.name),
    ...(readsRows ? { reads: name, rebuilds: true } : {}),
  };
}

export function withColumn(catalog: Catalog, table: Table, column: Column): Catalog {
  const columns = table.columns.map((each) => (sameName(each.name, column.name) ? column : each));
  return withTable(catalog, { ...table, columns });
}

export function mustFindColumn(catalog: Catalog, name: string, column: string): { table: Table; column: Column } {
  const table = mustFindTable(findTable(catalog, name), name);
  const existing = findColumn(table, column);
  if (existing === undefined) throw new Error(`statement of a step whose column ${name}.${column} is absent`);
  return { table, column: existing };
}
