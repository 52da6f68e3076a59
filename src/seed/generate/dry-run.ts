/** Checks a sample of rows against the columns before the question, and reports all misfits at once. */
import { MigrateError } from "../../errors.ts";
import { type Catalog, findColumn, findTable } from "../../model.ts";
import { encode, misfit } from "../rows/fit.ts";
import { experiments } from "./content/amount.ts";
import { type GenerationRun, RowWriter } from "./content/row-writer.ts";
import { writeGround, writeSample } from "./content/samples.ts";
import { type GeneratedValue, type PerTable, idColumn, tableNames, tables } from "./content/tables.ts";
import { detailsOf, shapesOf } from "./start.ts";

/** Enough jobs to contain nearly every word. */
const JOBS = 600;

/**
 * Throws USAGE if ids, times or words of these rows do not fit the columns. `at` is the latest time, `last` are the
 * highest ids.
 */
export function assertRowsFit(catalog: Catalog, at: string, facts: GenerationRun, last: PerTable): void {
  const misfits = new Map<string, string>();
  const checkColumn = (table: string, name: string, value: GeneratedValue) => {
    const inTable = findTable(catalog, table);
    const column = inTable === undefined ? undefined : findColumn(inTable, name);
    const wrong = column === undefined || value === null ? undefined : misfit(column, encode(column, value));
    // One misfit for each column is enough.
    if (wrong !== undefined) misfits.set(`${table}.${name}`, `${table}.${wrong}`);
  };
  const writer = new RowWriter(facts, detailsOf(facts.randomSeed), { ...facts.first }, (table, cells) => {
    for (const [place, value] of cells.entries()) checkColumn(table, tables[table][place] ?? "", value);
  });
  // The first rows are the earliest.
  writeGround(writer);
  let number = 0;
  for (const experiment of experiments(shapesOf(facts.randomSeed), JOBS)) writeSample(writer, number++, experiment);
  checkColumn("ProcessingJob", "recordTimestamp", at);
  for (const table of tableNames) checkColumn(table, idColumn(table), last[table]);
  if (misfits.size === 0) return;
  throw new MigrateError("USAGE", "the generated rows do not fit this database's columns", {
    where: catalog.database,
    found: [...misfits.values()],
    done: "no row was written",
    next: "run the same command with fewer jobs or another --at, or change these columns first",
  });
}
