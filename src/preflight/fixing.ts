/** Statements that give a table in conflict the form that is wanted, and keep what it holds. */
import { isWholeNumber } from "../dialect/column-type.ts";
import { type Catalog, findColumn, findTable } from "../model.ts";
import type { PlannedStep } from "../plan/plan.ts";
import { id } from "../sql.ts";
import type { Conflict } from "../steps/contract.ts";
import { copying, scriptOf, strictly } from "../steps/script-of-statement.ts";
import { addingColumns } from "./ways-to-base-parts.ts";

export interface StepConflict {
  readonly conflict: Conflict;
  readonly step: PlannedStep;
  /** This tool created or adopted the object: it is in use. */
  readonly recorded: boolean;
}

/** Statements that end these conflicts and keep the table; undefined if one of them has none. */
export function fixing(table: string, conflicts: readonly StepConflict[], catalog: Catalog): string[] | undefined {
  const first: string[] = [];
  const changes: string[] = [];
  const additions: string[] = [];
  const key = primaryKey(table, conflicts, catalog);
  for (const { conflict, recorded, step } of conflicts) {
    const { add, advice, change, difference } = conflict;
    // `up` adds our key in the place of the one that is dropped; its parent may not exist before.
    const isAddedByUp = !recorded && step.step.kind === "addForeignKey";
    if (difference.aspect === "engine" && change !== undefined) first.push(copying(change.sql));
    else if (key !== undefined && isEndedBy(key, conflict)) continue;
    else if (advice !== undefined) {
      // A choice is a sentence, with its statements in it.
      if (!advice.every((text) => text.startsWith("ALTER TABLE"))) return undefined;
      first.push(...advice);
    } else if (add !== undefined) additions.push(scriptOf(add, catalog).join("\n"));
    else if (isMissingColumn(conflict)) {
      const adding = addingColumns(table, [nameIn(conflict)], catalog);
      if (adding === undefined) return undefined;
      additions.push(...adding.statements);
    } else if (difference.aspect === "second key" || (difference.aspect === "target" && isAddedByUp))
      changes.push(droppingKey(table, difference.object));
    else if (change !== undefined && isGentle(conflict, table, catalog))
      changes.push(scriptOf(change, catalog).join("\n"));
    else return undefined;
  }
  const careful = changes.some((sql) => sql.includes("MODIFY COLUMN")) ? strictly(changes) : changes;
  return [...new Set([...first, ...careful, ...(key === undefined ? [] : key.statements), ...additions])];
}

/** A column that no step of ours creates. */
export function isMissingColumn({ add, difference: { aspect, found: actual, part } }: Conflict): boolean {
  return part === "column" && aspect === "existence" && actual === undefined && add === undefined;
}

/** The column of a conflict. */
export function nameIn({ difference }: Conflict): string {
  return difference.object.slice(difference.object.indexOf(".") + 1);
}

// --- internal ---

interface PrimaryKey {
  readonly column: string;
  readonly statements: readonly string[];
}

/** The primary key of a table of ours, and AUTO_INCREMENT with it, if it is missing; its column may be missing, too. */
function primaryKey(table: string, conflicts: readonly StepConflict[], catalog: Catalog): PrimaryKey | undefined {
  const step = conflicts.find(({ conflict: { difference } }) => {
    return difference.part === "index" && difference.object.endsWith(".PRIMARY") && difference.found === undefined;
  })?.step.step;
  const existing = findTable(catalog, table);
  if (step?.kind !== "createTable" || existing === undefined) return undefined;
  const [part] = step.indexes.find(({ kind }) => kind === "primary")?.parts ?? [];
  const column = step.columns.find(({ name }) => name === part?.column);
  if (column === undefined) return undefined;
  const there = findColumn(existing, column.name);
  if (there !== undefined && there.type !== column.type) return undefined;
  const adding = `ADD PRIMARY KEY (${id(column.name)})`;
  const definition = `COLUMN ${id(column.name)} ${column.type} NOT NULL AUTO_INCREMENT`;
  const clauses = there === undefined ? `ADD ${definition} FIRST, ${adding}` : `${adding}, MODIFY ${definition}`;
  const alter = copying(`ALTER TABLE ${id(table)} ${clauses}`);
  return {
    column: column.name,
    statements: there === undefined ? [alter] : [countUnfit(table, column.name), alter],
  };
}

/** The server would renumber rows with 0. */
function countUnfit(table: string, column: string): string {
  const name = id(column);
  const n = `COUNT(*) - COUNT(DISTINCT NULLIF(${name}, 0))`;
  return `SELECT ${n} AS n FROM ${id(table)};   -- must be 0: rows whose ${column} is 0, NULL or not unique`;
}

/** Whether the primary key is what this conflict lacks: the key itself, its numbers, or a key that another table refers to. */
function isEndedBy({ column }: PrimaryKey, conflict: Conflict): boolean {
  const { aspect, object, part } = conflict.difference;
  if (aspect === "parent key" || aspect === "parent column") return true;
  if (part === "index") return object.endsWith(".PRIMARY");
  return aspect === "autoIncrement" || (part === "column" && nameIn(conflict) === column);
}

/** Whether MODIFY either keeps every value or is refused by a strict session: numbers stay numbers, words stay words. */
function isGentle({ change, difference }: Conflict, table: string, catalog: Catalog): boolean {
  if (difference.part !== "column") return true;
  const existing = findTable(catalog, table);
  const column = existing === undefined ? undefined : findColumn(existing, difference.object.split(".")[1] ?? "");
  if (column === undefined || column.generated !== undefined) return false;
  if (difference.aspect !== "type") return change !== undefined;
  const [from, to] = [difference.found ?? "", difference.expected ?? ""];
  return familyOf(from) !== undefined && familyOf(from) === familyOf(to);
}

function familyOf(type: string): string | undefined {
  if (isWholeNumber(type)) return "number";
  return /^(?:var)?char\b|text\b|^(?:set|enum)\(|^an enum\b/.test(type) ? "words" : undefined;
}

function droppingKey(table: string, object: string): string {
  return `ALTER TABLE ${id(table)} DROP FOREIGN KEY ${id(object.slice(object.indexOf(".") + 1))};`;
}
