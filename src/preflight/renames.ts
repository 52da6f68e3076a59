/** Statements that give what is in the way another name, with everything that it holds. */
import { foreignKeyDefinition } from "../dialect/render.ts";
import { type Catalog, type Table, findColumn, findOtherObject, findTable, sameName } from "../model.ts";
import { id } from "../sql.ts";
import type { Way } from "./way.ts";

/** Foreign keys of this table that have one of these names. */
export function renamingKeys(name: string, catalog: Catalog, names: readonly string[]): string[] {
  const keys = findTable(catalog, name)?.foreignKeys ?? [];
  return keys
    .filter((key) => names.some((own) => sameName(own, key.name)))
    .map(
      (key) =>
        `ALTER TABLE ${id(name)} DROP FOREIGN KEY ${id(key.name)}, ` +
        `ADD ${foreignKeyDefinition({ ...key, name: `${key.name}_own` })};`,
    );
}

/** A table or a view. */
export function renamingTable(name: string, catalog: Catalog): string {
  const isFree = (other: string) =>
    findTable(catalog, other) === undefined && findOtherObject(catalog, other) === undefined;
  return `RENAME TABLE ${id(name)} TO ${id(otherName(name, isFree))};`;
}

/** The table that a view shows gets the view's name; undefined if the view shows more, or a table that has its right name. */
export function exchangingNames(view: string, catalog: Catalog): Way | undefined {
  const behind = catalog.behind?.[view];
  if (behind === undefined || findTable(catalog, behind) !== undefined) return undefined;
  return {
    when: `${view} is a view of table ${behind}; give the table this name`,
    statements: [renamingTable(view, catalog).replace(/;$/, `, ${id(behind)} TO ${id(view)};`)],
  };
}

export function renamingColumn(table: Table, column: string): string {
  const free = otherName(column, (other) => findColumn(table, other) === undefined);
  return `ALTER TABLE ${id(table.name)} RENAME COLUMN ${id(column)} TO ${id(free)};`;
}

function otherName(name: string, isFree: (other: string) => boolean): string {
  let other = `${name}_own`;
  while (!isFree(other)) other += "_own";
  return other;
}
