/**
 * The ways out of the conflicts of one table, the shortest first. What is in the way is renamed or changed, never dropped.
 */
import { type Catalog, type Table, findColumn, findOtherObject, findTable, sameName } from "../model.ts";
import { foreignKeySteps } from "../steps/index.ts";
import { type StepConflict, fixing, isMissingColumn, nameIn } from "./fixing.ts";
import { addingColumns, creatingTable, renamingBack } from "./ways-to-base-parts.ts";
import { exchangingNames, renamingColumn, renamingKeys, renamingTable } from "./renames.ts";
import type { Way } from "./way.ts";

/**
 * What `table` is to these conflicts, and the ways out; none if a person has to decide. `tables` are all that are in
 * conflict: they give way together.
 */
export function waysOf(
  table: string,
  conflicts: readonly StepConflict[],
  catalog: Catalog,
  tables: readonly string[],
): Way[] {
  const isRecorded = conflicts.some(({ recorded }) => recorded);
  const isOurs = conflicts.some(({ step: { step } }) => step.kind === "createTable" && sameName(step.table, table));
  const existing = findTable(catalog, table);
  if (existing === undefined) return withoutTable(table, isOurs, isRecorded, catalog);
  const fix = fixing(table, conflicts, catalog);
  // Children would follow it to its other name, and ours need the new table as their parent.
  if (isRecorded || (isOurs && hasChildren(table, catalog, tables))) return wayOf(`change table ${table}`, fix);
  if (isOurs) {
    const keys = keysOfOurNames(table, conflicts, catalog);
    const when = `if no client of ISPyB uses table ${table}, give it ${keys.length === 0 ? "another name" : "and its keys other names"}`;
    return [
      { when, first: keys, statements: [renamingTable(table, catalog)] },
      ...wayOf("if a client uses it, change it", fix),
    ];
  }
  const inTheWay = conflicts.filter(isOfColumn);
  if (inTheWay.length > 0)
    return [...movingColumns(existing, conflicts, inTheWay, catalog), ...wayOf("if a client uses it, change it", fix)];
  const missing = conflicts.filter(({ conflict }) => isMissingColumn(conflict));
  if (missing.length > 0)
    return [...namingBack(existing, conflicts, missing, catalog), ...addingAll(table, missing, fix, catalog)];
  return wayOf(`change table ${table}`, fix);
}

// --- internal ---

/** Whether another table refers to this one, and stays. */
function hasChildren(table: string, catalog: Catalog, tables: readonly string[]): boolean {
  return Object.values(catalog.tables).some(
    ({ foreignKeys, name }) =>
      !tables.some((each) => sameName(each, name)) && foreignKeys.some(({ parent }) => sameName(parent.table, table)),
  );
}

/** New names for the foreign keys of a table that gets another name, where they have names of ours: they would keep them. */
function keysOfOurNames(table: string, conflicts: readonly StepConflict[], catalog: Catalog): string[] {
  const ours = conflicts.flatMap(({ recorded, step: { step } }) =>
    step.kind === "createTable" && !recorded && sameName(step.table, table)
      ? foreignKeySteps(step).map(({ foreignKey }) => foreignKey.name)
      : [],
  );
  return renamingKeys(table, catalog, ours);
}

function wayOf(when: string, statements: readonly string[] | undefined): Way[] {
  return statements === undefined ? [] : [{ when, statements }];
}

/** There is no table of this name, but perhaps a view or a sequence. */
function withoutTable(table: string, isOurs: boolean, isRecorded: boolean, catalog: Catalog): Way[] {
  const kind = findOtherObject(catalog, table)?.toLowerCase();
  const create = isOurs ? undefined : creatingTable(table, catalog);
  if (kind === undefined) return create === undefined ? [] : [create];
  const exchange = isOurs && !isRecorded ? undefined : exchangingNames(table, catalog);
  const away = renamingTable(table, catalog);
  const when = `${table} is a ${kind}; give it another name`;
  const ways = exchange === undefined ? [] : [exchange];
  if (create !== undefined)
    return [...ways, { when: `${when}, and ${create.when}`, statements: [away, ...create.statements] }];
  return exchange === undefined ? [{ when, statements: [away] }] : ways;
}

/** Other names for columns that have names of ours, and those that no step of ours creates, as every ISPyB has them. */
function movingColumns(
  table: Table,
  conflicts: readonly StepConflict[],
  inTheWay: readonly StepConflict[],
  catalog: Catalog,
): Way[] {
  const columns = [...new Set(inTheWay.map(({ conflict }) => nameIn(conflict)))];
  const renamed = columns.filter((column) => findColumn(table, column) !== undefined);
  const rest = conflicts.filter((each) => !inTheWay.includes(each) && !refersBy(each, columns));
  const others = fixing(table.name, rest, catalog);
  if (others === undefined || renamed.length === 0) return [];
  const created = renamed.filter((column) =>
    inTheWay.some(({ conflict, step: { step } }) => nameIn(conflict) === column && step.kind !== "addColumn"),
  );
  const added = addingColumns(table.name, created, catalog);
  if (added === undefined) return [];
  const names = columns.map((column) => `${table.name}.${column}`).join(", ");
  return [
    {
      when: `if no client of ISPyB uses ${names}, give ${columns.length === 1 ? "it" : "them"} another name`,
      statements: [...others, ...renamed.map((column) => renamingColumn(table, column)), ...added.statements],
    },
  ];
}

/** A foreign key of one of these columns, or what it needs of them: it is added to the new column. */
function refersBy({ conflict: { difference }, step: { step } }: StepConflict, columns: readonly string[]): boolean {
  if (difference.part === "table" || step.kind !== "addForeignKey") return false;
  return step.foreignKey.columns.some((column) => columns.some((name) => sameName(name, column)));
}

/** The old name of the one column that is missing, if there is one that it may have. */
function namingBack(
  table: Table,
  conflicts: readonly StepConflict[],
  missing: readonly StepConflict[],
  catalog: Catalog,
): Way[] {
  const columns = new Set(missing.map(({ conflict }) => nameIn(conflict)));
  const [column = ""] = columns;
  const way = columns.size === 1 ? renamingBack(table, column, catalog) : undefined;
  const rest = conflicts.filter((each) => !missing.includes(each));
  const others = fixing(table.name, rest, catalog);
  if (way === undefined || others === undefined) return [];
  return [{ when: way.when, statements: [...others, ...way.statements] }];
}

function addingAll(
  table: string,
  missing: readonly StepConflict[],
  fix: readonly string[] | undefined,
  catalog: Catalog,
): Way[] {
  const columns = [...new Set(missing.map(({ conflict }) => nameIn(conflict)))];
  return wayOf(addingColumns(table, columns, catalog)?.when ?? `change table ${table}`, fix);
}

/** A column that its step would add or change: under another name it is out of the way. */
function isOfColumn({ conflict: { difference }, step: { step } }: StepConflict): boolean {
  if (difference.part !== "column" || difference.found === undefined) return false;
  return step.kind === "addColumn" || (step.kind === "addEnumValue" && difference.aspect === "type");
}
