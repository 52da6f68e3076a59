/**
 * The ways out of the conflicts of one table, the shortest first: each is a list of statements that run in this order, and
 * after which the conflicts are gone. What is in the way is renamed or changed, never dropped.
 */
import { createStatement } from "../base/create-statement.ts";
import { isWholeNumber } from "../dialect/column-type.ts";
import { type Catalog, findColumn, findOtherObject, findTable, sameName } from "../model.ts";
import type { PlannedStep } from "../plan/plan.ts";
import { id } from "../sql.ts";
import type { Conflict } from "../steps/contract.ts";
import { resolveForeignKey } from "../steps/delete-rule-convention.ts";
import { foreignKeySteps } from "../steps/index.ts";
import { scriptOf } from "../steps/script-of-statement.ts";
import { renamingColumn, renamingKeys, renamingTable } from "./renames.ts";

export interface StepConflict {
  readonly conflict: Conflict;
  readonly step: PlannedStep;
  /** This tool created or adopted the object: it is in use. */
  readonly recorded: boolean;
}

export interface Way {
  /** When this way is right, or what it does. */
  readonly when: string;
  readonly statements: readonly string[];
}

/** What `table` is to these conflicts, and the ways out; none if a person has to decide. */
export function waysOf(table: string, conflicts: readonly StepConflict[], catalog: Catalog): Way[] {
  const existing = findTable(catalog, table);
  const kind = findOtherObject(catalog, table)?.toLowerCase();
  const isOurs = conflicts.some(({ step: { step } }) => step.kind === "createTable" && sameName(step.table, table));
  const away = (more: readonly string[] = []) => [renamingTable(table, catalog), ...more];
  if (existing === undefined) {
    if (isOurs) return [{ when: `${table} is a ${kind}; give it another name`, statements: away() }];
    const base = usesCascade(catalog) ? "official" : "diamond";
    const create = createStatement(base, table);
    if (create === undefined) return [];
    const creating = `create table ${table}, empty, as the base \`${base}\` of this tool has it`;
    if (kind === undefined) return [{ when: creating, statements: [create] }];
    const when = `${table} is a ${kind}; give the table behind it this name back, or give the ${kind} another name and ${creating}`;
    return [{ when, statements: away([create]) }];
  }
  const fix = fixing(table, conflicts, catalog);
  const fixed = fix === undefined ? [] : [{ when: "if one does, change it", statements: fix }];
  if (isOurs)
    return [{ when: `if no client of ISPyB uses table ${table}, give it another name`, statements: away() }, ...fixed];
  const columns = [...new Set(conflicts.filter(isOfColumn).map(({ conflict }) => nameIn(conflict)))];
  if (columns.length === 0) return fix === undefined ? [] : [{ when: `change table ${table}`, statements: fix }];
  const names = columns.map((column) => `${table}.${column}`).join(", ");
  const renamed = columns.filter((column) => findColumn(existing, column) !== undefined);
  const others = fixing(
    table,
    conflicts.filter((each) => !isOfColumn(each)),
    catalog,
  );
  return [
    ...(others === undefined || renamed.length === 0
      ? []
      : [
          {
            when: `if no client of ISPyB uses ${names}, give ${columns.length === 1 ? "it" : "them"} another name`,
            statements: [...others, ...renamed.map((column) => renamingColumn(existing, column))],
          },
        ]),
    ...(fix === undefined ? [] : [{ when: "if one does, change it", statements: fix }]),
  ];
}

/** Statements that end these conflicts and keep the table; undefined if one of them has none. */
function fixing(table: string, conflicts: readonly StepConflict[], catalog: Catalog): string[] | undefined {
  const first: string[] = [];
  const changes: string[] = [];
  const additions: string[] = [];
  const key = primaryKey(table, conflicts, catalog);
  for (const { conflict } of conflicts) {
    const { add, advice, change, difference } = conflict;
    if (difference.aspect === "engine" && change !== undefined)
      first.push(`${change.sql};   -- at a quiet time: copies the table`);
    else if (advice !== undefined) {
      // A parent key that this table gets as its primary key.
      if (difference.aspect === "parent key" && key !== undefined) continue;
      // A choice is a sentence, with its statements in it.
      if (!advice.every((text) => text.startsWith("ALTER TABLE"))) return undefined;
      first.push(...advice);
    } else if (add !== undefined) additions.push(scriptOf(add).join("\n"));
    else if (difference.part === "index" && difference.object.endsWith(".PRIMARY") && key !== undefined) continue;
    else if (difference.aspect === "autoIncrement" && key !== undefined) continue;
    else if (difference.aspect === "second key") changes.push(droppingKey(table, difference.object));
    else if (change !== undefined && isGentle(conflict, table, catalog)) changes.push(scriptOf(change).join("\n"));
    else return undefined;
  }
  const strict = changes.some((sql) => sql.includes("MODIFY COLUMN"))
    ? { before: ["SET SESSION sql_mode = 'STRICT_ALL_TABLES';"], after: ["SET SESSION sql_mode = DEFAULT;"] }
    : { before: [], after: [] };
  return [
    ...new Set([
      ...first,
      ...strict.before,
      ...changes,
      ...strict.after,
      ...(key === undefined ? [] : [key]),
      ...additions,
    ]),
  ];
}

/** The statement that adds the primary key of a table of ours, and AUTO_INCREMENT with it; undefined if none is missing. */
function primaryKey(table: string, conflicts: readonly StepConflict[], catalog: Catalog): string | undefined {
  const step = conflicts.find(({ conflict: { difference } }) => {
    return difference.part === "index" && difference.object.endsWith(".PRIMARY") && difference.found === undefined;
  })?.step.step;
  const existing = findTable(catalog, table);
  if (step?.kind !== "createTable" || existing === undefined) return undefined;
  const [part] = step.indexes.find(({ kind }) => kind === "primary")?.parts ?? [];
  const column = step.columns.find(({ name }) => name === part?.column);
  const there = column === undefined ? undefined : findColumn(existing, column.name);
  if (column === undefined || there?.type !== column.type) return undefined;
  return (
    `ALTER TABLE ${id(table)} ADD PRIMARY KEY (${id(column.name)}), ` +
    `MODIFY COLUMN ${id(column.name)} ${column.type} NOT NULL AUTO_INCREMENT;   -- at a quiet time: copies the table`
  );
}

/** Whether MODIFY either keeps every value or is refused by a strict session: numbers stay numbers, texts stay texts. */
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
  return /^(?:var)?char\b|text\b/.test(type) ? "text" : undefined;
}

/** A column that its step would add: under another name it is out of the way. */
function isOfColumn({ conflict: { difference }, step: { step } }: StepConflict): boolean {
  return step.kind === "addColumn" && difference.part === "column" && difference.found !== undefined;
}

function nameIn({ difference }: Conflict): string {
  return difference.object.slice(difference.object.indexOf(".") + 1);
}

function droppingKey(table: string, object: string): string {
  return `ALTER TABLE ${id(table)} DROP FOREIGN KEY ${id(object.slice(object.indexOf(".") + 1))};`;
}

/** The foreign keys of a table that may get another name, where they have names of ours: they would keep them. */
export function keysToRename(table: string, conflicts: readonly StepConflict[], catalog: Catalog): string[] {
  const ours = conflicts.flatMap(({ step: { step } }) =>
    step.kind === "createTable" && sameName(step.table, table)
      ? foreignKeySteps(step).map(({ foreignKey }) => foreignKey.name)
      : [],
  );
  return renamingKeys(table, catalog, ours);
}

/** Whether this database follows the official schema, by its delete rules. */
function usesCascade(catalog: Catalog): boolean {
  const parent = { table: "AutoProcProgram", columns: ["autoProcProgramId"] };
  const spec = { name: "", columns: [], parent, onDelete: { whereCascading: "CASCADE" } } as const;
  return resolveForeignKey(spec, catalog).onDelete === "CASCADE";
}
