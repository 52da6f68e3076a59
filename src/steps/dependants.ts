/**
 * What stands upon a table, a column or an index, and would break or silently go with it. Asked when
 * every later step of ours is taken back already: what is left is the facility's own.
 */
import { describeColumn, describeForeignKey, describeIndex } from "../catalog/describe.ts";
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

/** Foreign keys of other tables, views, and triggers, which the server drops with their table without a word. */
export function dependantsOfTable(catalog: Catalog, table: Table): Difference[] {
  return [
    ...referringKeys(catalog, table)
      .filter((referring) => referring.table !== table)
      .map(({ table: child, key }) => formatKey(child, key)),
    ...catalog.views.filter((view) => names(view, table.name)).map(({ name }) => standing("view", name, "reads it")),
    ...catalog.triggers
      .filter((trigger) => sameName(trigger.table, table.name) || names(trigger, table.name))
      .map((trigger) => standing("trigger", `${trigger.table}.${trigger.name}`, "belongs to it or writes to it")),
  ];
}

export function dependantsOfColumn(catalog: Catalog, table: Table, column: Column): Difference[] {
  const named = (list: readonly string[]) => list.some((name) => sameName(name, column.name));
  // Servers write every name in an expression between backticks.
  const mentioned = (expression: string) => expression.toLowerCase().includes(id(column.name).toLowerCase());
  const object = (name: string) => `${table.name}.${name}`;
  return [
    ...table.indexes
      .filter((index) => index.parts.some((part) => named([part.column]) || mentioned(part.column)))
      .map((index): Difference => standing("index", object(index.name), describeIndex(index))),
    ...table.foreignKeys.filter((key) => named(key.columns)).map((key) => formatKey(table, key)),
    ...referringKeys(catalog, table)
      .filter(({ key }) => named(key.parent.columns))
      .map(({ table: child, key }) => formatKey(child, key)),
    ...table.checks
      .filter((check) => mentioned(check.expression))
      .map((check) => standing("check", object(check.name), check.expression)),
    ...table.columns
      .filter((other) => other.generated !== undefined && mentioned(other.generated.expression))
      .map((other) =>
        standing("column", object(other.name), `${describeColumn(other)} AS (${other.generated?.expression})`),
      ),
    ...catalog.views
      .filter((view) => names(view, table.name) && names(view, column.name))
      .map(({ name }) => standing("view", name, `reads ${object(column.name)}`)),
    ...catalog.triggers
      .filter(
        (trigger) => (sameName(trigger.table, table.name) || names(trigger, table.name)) && names(trigger, column.name),
      )
      .map((trigger) => standing("trigger", `${trigger.table}.${trigger.name}`, `names ${object(column.name)}`)),
  ];
}

/** Whether the text of a view or trigger has this name in it, as a whole word. */
function names({ definition = "" }: StoredObject, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name}(?![\\w$])`, "i").test(definition);
}

/** Foreign keys, on either side, that no other index could serve: the server refuses to leave them without (1553). */
export function dependantsOfIndex(catalog: Catalog, table: Table, index: Index): Difference[] {
  const others = table.indexes.filter((other) => other !== index);
  const asChild = table.foreignKeys.filter(
    (key) => serves(index, key.columns) && !others.some((other) => serves(other, key.columns)),
  );
  // Newer MySQL wants a unique key for the parent (6125), so a plain one does not stand in for it.
  const asParent = referringKeys(catalog, table).filter(
    ({ key }) =>
      serves(index, key.parent.columns) &&
      !others.some((other) => serves(other, key.parent.columns) && (index.kind === "plain" || other.kind !== "plain")),
  );
  return [
    ...asChild.map((key) => formatKey(table, key)),
    ...asParent.map(({ table: child, key }) => formatKey(child, key)),
  ];
}

export interface ReferringKey {
  readonly table: Table;
  readonly key: ForeignKey;
}

/** Every foreign key that refers to this table, its own among them. */
export function referringKeys(catalog: Catalog, parent: Table): ReferringKey[] {
  return Object.values(catalog.tables).flatMap((table) =>
    table.foreignKeys
      .filter((key) => key.parent.database === undefined && findTable(catalog, key.parent.table) === parent)
      .map((key) => ({ table, key })),
  );
}

/** The first parts of the index are these columns, in this order and whole. */
function serves(index: Index, columns: readonly string[]): boolean {
  if (index.kind === "fulltext" || index.kind === "spatial") return false;
  return columns.every((name, at) => {
    const part = index.parts[at];
    return part !== undefined && part.prefix === undefined && sameName(part.column, name);
  });
}

function formatKey(table: Table, key: ForeignKey): Difference {
  return standing("foreign key", `${table.name}.${key.name}`, describeForeignKey(key));
}

function standing(part: Difference["part"], object: string, existing: string): Difference {
  return { part, object, aspect: "existence", found: existing };
}
