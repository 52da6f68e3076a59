/** The columns of this database for generated rows; columns that a flavour lacks are left out. */
import { MigrateError } from "../../errors.ts";
import { type Catalog, findColumn, findTable } from "../../model.ts";
import { encode } from "../rows/fit.ts";
import { type GeneratedValue, type TableName, tableNames, tables } from "./content/tables.ts";

export interface TargetColumns {
  readonly table: TableName;
  /** Column names as this database spells them. */
  readonly columns: readonly string[];
  /** Positions of their cells in a row. */
  readonly places: readonly number[];
  /** Position of the status of a program: databases store it in different ways. */
  readonly status?: { readonly place: number; readonly spell: (status: string) => GeneratedValue };
}

/** Throws NOT_ISPYB if a table is missing. */
export function targetColumns(catalog: Catalog): ReadonlyMap<TableName, TargetColumns> {
  return new Map(tableNames.map((table) => [table, targetOf(catalog, table)]));
}

// --- internal ---

function targetOf(catalog: Catalog, name: TableName): TargetColumns {
  const table = findTable(catalog, name);
  if (table === undefined) {
    throw new MigrateError("NOT_ISPYB", `this database has no table ${name}`, {
      where: catalog.database,
      done: "no row was written",
      next: "name the right database: --database NAME, or --url mysql://USER@HOST:PORT/NAME",
    });
  }
  const kept = tables[name].flatMap((wanted, at) => {
    const column = findColumn(table, wanted);
    return column === undefined ? [] : [{ at, column }];
  });
  const status = kept.find(({ column }) => column.name === "processingStatus");
  return {
    table: name,
    columns: kept.map(({ column }) => column.name),
    places: kept.map(({ at }) => at),
    ...(status === undefined ? {} : { status: { place: status.at, spell: (word) => encode(status.column, word) } }),
  };
}
