/**
 * Fills in what a procedure has to know of the catalog that it will work on. Two things in its file
 * depend on that:
 *
 *   TYPE OF ProcessingJob.recipe          the type of this column, with its character set and collation,
 *                                         so that nothing that fits the column is refused and no
 *                                         comparison mixes collations (MariaDB has the same words)
 *   -- #if AutoProcProgram.processingStatus is enum      lines for one form of a column;
 *   -- #else  -- #end                                    each directive on a line of its own
 */
import { type Catalog, type Column, findColumn, findTable } from "../model.ts";
import type { ProcedureSource } from "./source.ts";

/** Either the statement for this catalog, or the columns that it lacks. */
export type Rendered = { readonly sql: string } | { readonly missing: readonly string[] };

const typeOf = /\bTYPE OF (\w+)\.(\w+)/g;
const condition = /^\s*-- #if (\w+)\.(\w+) is enum\s*$/;

/** The tables that a procedure's text has to be rendered for. */
export function tablesOfProcedure({ text }: ProcedureSource): string[] {
  const conditions = text.split("\n").flatMap((line) => condition.exec(line)?.[1] ?? []);
  return [...new Set([...text.matchAll(typeOf)].flatMap(([, table]) => table ?? []).concat(conditions))];
}

/** The CREATE PROCEDURE of this file for this catalog, without what stands before it. */
export function renderProcedure({ text }: ProcedureSource, catalog: Catalog): Rendered {
  const missing = new Set<string>();
  const column = (table: string, name: string): Column | undefined => {
    const known = findTable(catalog, table);
    const found = known === undefined ? undefined : findColumn(known, name);
    if (found === undefined) missing.add(`${table}.${name}`);
    return found;
  };
  const lines = chosenLines(text, (table, name) => column(table, name)?.type.startsWith("enum(") === true);
  const sql = lines
    .join("\n")
    .replace(/^[\s\S]*?(?=^CREATE PROCEDURE)/m, "")
    .replaceAll(typeOf, (_, table: string, name: string) => spellType(column(table, name)))
    .trim()
    .replace(/;$/, "");
  return missing.size > 0 ? { missing: [...missing] } : { sql };
}

/** A column's type as a parameter or variable has it. */
function spellType(column: Column | undefined): string {
  if (column === undefined) return "";
  const { charset, collation, type } = column;
  if (charset === undefined) return type;
  return `${type} CHARACTER SET ${charset}${collation === undefined ? "" : ` COLLATE ${collation}`}`;
}

function chosenLines(text: string, isEnum: (table: string, name: string) => boolean): string[] {
  const chosen: string[] = [];
  let keep = true;
  for (const line of text.split("\n")) {
    const [, table, name] = condition.exec(line) ?? [];
    if (table !== undefined && name !== undefined) keep = isEnum(table, name);
    else if (/^\s*-- #else\s*$/.test(line)) keep = !keep;
    else if (/^\s*-- #end\s*$/.test(line)) keep = true;
    else if (keep) chosen.push(line);
  }
  return chosen;
}
