/**
 * Objects that depend on a table, a column or an index, and would break or be dropped with it. Asked after
 * every later step of ours is undone: the remaining objects are the facility's own.
 */
import { describeIndex, describeParent } from "../catalog/describe.ts";
import type { Difference } from "../catalog/difference.ts";
import {
  type Catalog,
  type Column,
  type ForeignKey,
  type Index,
  type StoredObject,
  type Table,
  findTable,
  sameName,
} from "../model.ts";
import { id } from "../sql.ts";

/** Foreign keys of other tables, views, and triggers; the server silently drops triggers with their table. */
export function dependantsOfTable(catalog: Catalog, table: Table): Difference[] {
  return [
    ...referringKeys(catalog, table)
      .filter((each) => each.table !== table)
      .map(({ table: child, key }) => referring(child, key)),
    ...catalog.views
      .filter((view) => names(view, table.name))
      .map(({ name }) => dependant("view", name, `uses ${table.name}`)),
    ...catalog.triggers
      .filter((trigger) => sameName(trigger.table, table.name) || names(trigger, table.name))
      .map((trigger) => {
        const how = sameName(trigger.table, table.name) ? "belongs to" : "mentions";
        return dependant("trigger", `${trigger.table}.${trigger.name}`, `${how} ${table.name}`);
      }),
  ];
}

export function dependantsOfColumn(catalog: Catalog, table: Table, column: Column): Difference[] {
  const named = (list: readonly string[]) => list.some((name) => sameName(name, column.name));
  // Servers write every name in an expression between backticks.
  const mentioned = (expression: string) => expression.toLowerCase().includes(id(column.name).toLowerCase());
  const object = (name: string) => `${table.name}.${name}`;
  const own = object(column.name);
  return [
    ...table.indexes
      .filter((index) => index.parts.some((part) => named([part.column]) || mentioned(part.column)))
      .map((index): Difference => dependant("index", object(index.name), `uses ${own}: ${describeIndex(index)}`)),
    ...table.foreignKeys
      .filter((key) => named(key.columns))
      .map((key) => dependant("foreign key", object(key.name), `uses ${own}`)),
    ...referringKeys(catalog, table)
      .filter(({ key }) => named(key.parent.columns))
      .map(({ table: child, key }) => referring(child, key)),
    ...table.checks
      .filter((check) => mentioned(check.expression))
      .map((check) => dependant("check", object(check.name), `uses ${own}: ${check.expression}`)),
    ...table.columns
      .filter((other) => other.generated !== undefined && mentioned(other.generated.expression))
      .map((other) =>
        dependant("column", object(other.name), `is computed from ${own}: AS (${other.generated?.expression})`),
      ),
    ...catalog.views
      .filter((view) => names(view, table.name) && names(view, column.name))
      .map(({ name }) => dependant("view", name, `uses ${own}`)),
    ...catalog.triggers
      .filter(
        (trigger) => (sameName(trigger.table, table.name) || names(trigger, table.name)) && names(trigger, column.name),
      )
      .map((trigger) => dependant("trigger", `${trigger.table}.${trigger.name}`, `mentions ${own}`)),
  ];
}

/** True if the text of the view or trigger contains this name as a whole word. */
function names({ definition = "" }: StoredObject, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name}(?![\\w$])`, "i").test(definition);
}

/** Foreign keys, as child or parent, that no other index can serve: the server refuses to drop their index (error 1553). */
export function dependantsOfIndex(catalog: Catalog, table: Table, index: Index): Difference[] {
  const others = table.indexes.filter((other) => other !== index);
  const asChild = table.foreignKeys.filter(
    (key) => serves(index, key.columns) && !others.some((other) => serves(other, key.columns)),
  );
  // Newer MySQL requires a unique key on the parent (error 6125), so a plain index cannot replace it.
  const asParent = referringKeys(catalog, table).filter(
    ({ key }) =>
      serves(index, key.parent.columns) &&
      !others.some((other) => serves(other, key.parent.columns) && (index.kind === "plain" || other.kind !== "plain")),
  );
  const needs = (child: Table, key: ForeignKey) =>
    dependant("foreign key", `${child.name}.${key.name}`, `needs the index ${table.name}.${index.name}`);
  return [...asChild.map((key) => needs(table, key)), ...asParent.map(({ table: child, key }) => needs(child, key))];
}

export interface ReferringKey {
  readonly table: Table;
  readonly key: ForeignKey;
}

/** Every foreign key that refers to this table, including the table's own keys. */
export function referringKeys(catalog: Catalog, parent: Table): ReferringKey[] {
  return Object.values(catalog.tables).flatMap((table) =>
    table.foreignKeys
      .filter((key) => key.parent.database === undefined && findTable(catalog, key.parent.table) === parent)
      .map((key) => ({ table, key })),
  );
}

/** True if the index begins with these columns, in this order and without prefix lengths. */
function serves(index: Index, columns: readonly string[]): boolean {
  if (index.kind === "fulltext" || index.kind === "spatial") return false;
  return columns.every((name, at) => {
    const part = index.parts[at];
    return part !== undefined && part.prefix === undefined && sameName(part.column, name);
  });
}

function referring(table: Table, key: ForeignKey): Difference {
  return dependant("foreign key", `${table.name}.${key.name}`, `refers to ${describeParent(key)}`);
}

/** `how` follows the object's name in the sentence: "view jobs uses ProcessingJob". */
function dependant(part: Difference["part"], object: string, how: string): Difference {
  return { part, object, aspect: "dependant", found: how };
}
