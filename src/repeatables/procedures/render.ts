/**
 * Fills in what a procedure needs to know about the catalog that it will work on. These forms in its file depend on
 * the catalog:
 *
 *   TYPE OF ProcessingJob.recipe          the type of this column, with its character set and collation,
 *                                         so that every value of the column is accepted and no
 *                                         comparison mixes collations (MariaDB has the same words)
 *   LENGTH OF, CHARSET OF                 its length in characters, as a number; its character set, as text
 *   -- #if AutoProcProgram.processingStatus is enum      lines for one form of a column,
 *   -- #if AutoProcProgram.dataCollectionId exists       or for a column that not every flavour has
 *   -- #else  -- #end                                    each directive on its own line, not nested
 */
import { type Catalog, type Column, findColumn, findOtherObject, findTable } from "../../model.ts";
import type { ProcedureSource } from "./source.ts";
import { columnsUsed } from "./uses.ts";

/** The statement for this catalog, or the columns that the catalog lacks. */
export type RenderedProcedure = { readonly sql: string } | { readonly missing: readonly string[] };

const ofColumn = /\b(TYPE|LENGTH|CHARSET) OF (\w+)\.(\w+)/g;
const condition = /^\s*-- #if (\w+)\.(\w+) (is enum|exists)\s*$/;

/** The tables that the text of a procedure depends on. */
export function tablesOfProcedure({ text }: ProcedureSource): string[] {
  const conditions = text.split("\n").flatMap((line) => condition.exec(line)?.[1] ?? []);
  const typed = [...text.matchAll(ofColumn)].flatMap(([, , table]) => table ?? []);
  return [...new Set([...typed, ...conditions, ...columnsUsed(withoutComments(text)).map(({ table }) => table)])];
}

/** The CREATE PROCEDURE of this file for this catalog, without the comments before it. A plan asks several times for each. */
export function renderProcedure(source: ProcedureSource, catalog: Catalog): RenderedProcedure {
  let ofCatalog = rendered.get(catalog);
  if (ofCatalog === undefined) rendered.set(catalog, (ofCatalog = new WeakMap()));
  let procedure = ofCatalog.get(source);
  if (procedure === undefined) ofCatalog.set(source, (procedure = render(source, catalog)));
  return procedure;
}

// --- internal ---

/** What was rendered; neither a source nor a catalog changes. */
const rendered = new WeakMap<Catalog, WeakMap<ProcedureSource, RenderedProcedure>>();

function render({ text }: ProcedureSource, catalog: Catalog): RenderedProcedure {
  const missing = new Set<string>();
  const find = (table: string, name: string): Column | undefined => {
    const known = findTable(catalog, table);
    return known === undefined ? undefined : findColumn(known, name);
  };
  const column = (table: string, name: string): Column | undefined => {
    const existing = find(table, name);
    if (existing === undefined) missing.add(`${table}.${name}`);
    return existing;
  };
  const lines = chosenLines(text, (table, name, question) =>
    question === "exists" ? find(table, name) !== undefined : column(table, name)?.type.startsWith("enum(") === true,
  );
  const sql = lines
    .join("\n")
    .replace(/^[\s\S]*?(?=^CREATE PROCEDURE)/m, "")
    .replaceAll(ofColumn, (_, what: keyof typeof spell, table: string, name: string) => {
      const existing = column(table, name);
      return existing === undefined ? "" : spell[what](existing);
    })
    .trim()
    .replace(/;$/, "");
  for (const used of columnsUsed(withoutComments(lines.join("\n")))) {
    // The columns of a view are not read.
    if (findOtherObject(catalog, used.table) === undefined) column(used.table, used.column);
  }
  return missing.size > 0 ? { missing: [...missing] } : { sql };
}

function withoutComments(text: string): string {
  return text.replaceAll(/--.*$/gm, "");
}

/** SQL for each directive. */
const spell = {
  /** The type of a parameter or variable. */
  TYPE: ({ charset, collation, type }: Column) => {
    if (charset === undefined) return type;
    return `${type} CHARACTER SET ${charset}${collation === undefined ? "" : ` COLLATE ${collation}`}`;
  },
  /** The type `text` states no length. */
  LENGTH: ({ type }: Column) => /\((\d+)\)/.exec(type)?.[1] ?? "65535",
  CHARSET: ({ charset = "" }: Column) => `'${charset}'`,
} as const;

function chosenLines(text: string, holds: (table: string, name: string, question: string) => boolean): string[] {
  const chosen: string[] = [];
  let keep = true;
  for (const line of text.split("\n")) {
    const [, table, name, question] = condition.exec(line) ?? [];
    if (table !== undefined && name !== undefined && question !== undefined) keep = holds(table, name, question);
    else if (/^\s*-- #else\s*$/.test(line)) keep = !keep;
    else if (/^\s*-- #end\s*$/.test(line)) keep = true;
    else if (keep) chosen.push(line);
  }
  return chosen;
}
