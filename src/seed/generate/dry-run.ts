/** The first rows beside the columns that they go into, before anybody is asked: what would not fit is told at once. */
import { MigrateError } from "../../errors.ts";
import { type Catalog, findColumn, findTable } from "../../model.ts";
import { encode, misfit } from "../rows/fit.ts";
import { experiments } from "./content/count.ts";
import { Pen, type RunFacts } from "./content/row-writer.ts";
import { writeGround, writeSample } from "./content/samples.ts";
import { type Cell, type PerTable, keyOf, tableNames, tables } from "./content/tables.ts";
import { detailsOf, shapesOf } from "./start.ts";

/** So many have nearly every word among them. */
const JOBS = 600;

/** Throws USAGE where ids, times or words of these rows are nothing for this database. `at` is the latest time, `last` are the highest ids. */
export function refuseMisfits(catalog: Catalog, at: string, facts: RunFacts, last: PerTable): void {
  const found = new Map<string, string>();
  const look = (table: string, name: string, value: Cell) => {
    const inTable = findTable(catalog, table);
    const column = inTable === undefined ? undefined : findColumn(inTable, name);
    const wrong = column === undefined || value === null ? undefined : misfit(column, encode(column, value));
    // One of a column's says enough.
    if (wrong !== undefined) found.set(`${table}.${name}`, `${table}.${wrong}`);
  };
  const pen = new Pen(facts, detailsOf(facts.randomSeed), { ...facts.first }, (table, cells) => {
    for (const [place, value] of cells.entries()) look(table, tables[table][place] ?? "", value);
  });
  // The first ones are the earliest.
  writeGround(pen);
  let number = 0;
  for (const experiment of experiments(shapesOf(facts.randomSeed), JOBS)) writeSample(pen, number++, experiment);
  look("ProcessingJob", "recordTimestamp", at);
  for (const table of tableNames) look(table, keyOf(table), last[table]);
  if (found.size === 0) return;
  throw new MigrateError("USAGE", "these jobs are nothing for this database", {
    where: catalog.database,
    found: [...found.values()],
    done: "no row was written",
    next: "ispyb-migrate seed generate with fewer jobs, or with another --at, or after the columns are mended",
  });
}
