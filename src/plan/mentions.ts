/**
 * Views, triggers, events and routines whose text mentions what `down` removes. It is a search of text: it also finds a name in
 * a comment, and nothing that a statement puts together at run time. So they are named, and not refused.
 */
import type { StoredText } from "../catalog/stored-texts.ts";
import { sameName } from "../model.ts";
import { id } from "../sql.ts";
import type { Step } from "../steps/step.ts";

/** What is gone afterwards. */
export interface Gone {
  /** Steps that are undone. */
  readonly steps: readonly Step[];
  /** Names of procedures that are dropped. */
  readonly procedures: readonly string[];
  /** Names of all procedures of this tool that are undone: their own texts do not matter. */
  readonly undone: readonly string[];
}

/** A word to look for, in every text that may name what is gone. */
export function wordsOf({ steps, procedures }: Gone): string[] {
  return [...new Set([...targets(steps).map(({ table }) => table), ...procedures])];
}

/** "event nightly mentions ProcessingJob", "view reports.jobs mentions AutoProcProgram.jobUuid" */
export function mentionsOf(
  texts: readonly StoredText[],
  { steps, procedures, undone }: Gone,
  database: string,
): string[] {
  return texts.flatMap((stored) => {
    const isHere = stored.database === database;
    if (isHere && undone.some((name) => stored.kind === "procedure" && sameName(name, stored.name))) return [];
    // The plan refuses views and triggers of this database: their texts are read there, name by name.
    if (isHere && (stored.kind === "view" || stored.kind === "trigger")) return [];
    const names = (name: string) => pattern(name, isHere ? undefined : database).test(stored.text ?? "");
    const named = [
      ...targets(steps).flatMap(({ table, column }) => {
        if (!names(table)) return [];
        if (column === undefined) return [table];
        return word(column).test(stored.text ?? "") ? [`${table}.${column}`] : [];
      }),
      ...procedures.filter(names).map((name) => `procedure ${name}`),
    ];
    const object = isHere ? stored.name : `${stored.database}.${stored.name}`;
    return named.length === 0 ? [] : [`${stored.kind} ${object} mentions ${[...new Set(named)].join(", ")}`];
  });
}

// --- internal ---

function targets(steps: readonly Step[]): { readonly table: string; readonly column?: string }[] {
  const tables = steps.flatMap((step) => (step.kind === "createTable" ? step.table : []));
  return [
    ...tables.map((table) => ({ table })),
    ...steps.flatMap((step) =>
      step.kind === "addColumn" && !tables.includes(step.table) ? { table: step.table, column: step.column.name } : [],
    ),
  ];
}

/** Another database has to name this one before the object. */
function pattern(name: string, database?: string): RegExp {
  if (database === undefined) return word(name);
  const spelled = (each: string) => `(?:${escaped(id(each))}|${whole(escaped(each))})`;
  return new RegExp(`${spelled(database)}\\s*\\.\\s*${spelled(name)}`, "iu");
}

function word(name: string): RegExp {
  return new RegExp(whole(escaped(name)), "iu");
}

function whole(source: string): string {
  return `(?<![\\w$])${source}(?![\\w$])`;
}

function escaped(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
