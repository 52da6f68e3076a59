/** The columns of this very database that generated rows go into; what a flavour does not have is left out. */
import { MigrateError } from "../../errors.ts";
import { type Catalog, findColumn, findTable } from "../../model.ts";
import { encode } from "../rows/fit.ts";
import { type GeneratedValue, type TableName, tableNames, tables } from "./content/tables.ts";

export interface TargetColumns {
  readonly table: TableName;
  /** As this database spells them. */
  readonly columns: readonly string[];
  /** Where in a row their cells are. */
  readonly places: readonly number[];
  /** The one cell that databases write in different ways: the status of a program. */
  readonly status?: { readonly place: number; readonly spell: (status: string) => GeneratedValue };
}

/** Throws NOT_ISPYB where a table is missing. */
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
