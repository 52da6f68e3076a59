/** The way back from what a facility may hide: an INVISIBLE column, and an index that no query may use. */
import type { Difference } from "../catalog/difference.ts";
import { columnDefinition, withoutInherited } from "../dialect/render.ts";
import { findColumn, findTable } from "../model.ts";
import { id } from "../sql.ts";
import type { Facts } from "./contract.ts";

/** The statement that lets clients see it again; undefined for every other difference. */
export function shownAgain(
  { aspect, found: actual, object }: Difference,
  { catalog, dialect }: Facts,
): string | undefined {
  if (actual !== "true" || (aspect !== "ignored" && aspect !== "invisible")) return undefined;
  const [table = "", name = ""] = object.split(".");
  const alter = `ALTER TABLE ${id(table)}`;
  if (aspect === "ignored") return `${alter} ALTER INDEX ${id(name)} ${dialect.names.useIndex};`;
  if (dialect.can.setColumnVisible) return `${alter} ALTER COLUMN ${id(name)} SET VISIBLE;`;
  const owner = findTable(catalog, table);
  const column = owner === undefined ? undefined : findColumn(owner, name);
  if (owner === undefined || column === undefined) return undefined;
  const { invisible: _, ...visible } = withoutInherited(column, owner);
  return `${alter} MODIFY COLUMN ${columnDefinition(visible)};`;
}
