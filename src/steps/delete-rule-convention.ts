import { type Catalog, type ForeignKey, type ReferenceRule, findTable, sameName } from "../model.ts";
import type { DeleteRule, ForeignKeySpec } from "./step.ts";

/** The two tables whose key tells what this database does with children when a parent is deleted. */
export const conventionTables = ["DataCollection", "DataCollectionGroup"] as const;

/**
 * True where deleting a DataCollectionGroup takes its DataCollections along: the official schema,
 * in which 263 of 274 keys cascade. Diamond's restricts. Asked of the catalog, never of a name.
 */
function deletesCascade(catalog: Catalog): boolean {
  const [child, parent] = conventionTables;
  const keys = findTable(catalog, child)?.foreignKeys ?? [];
  return keys.some((key) => sameName(key.parent.table, parent) && key.onDelete === "CASCADE");
}

function resolveDeleteRule(rule: DeleteRule, catalog: Catalog): ReferenceRule {
  if (typeof rule === "string") return rule;
  return deletesCascade(catalog) ? rule.whereCascading : "RESTRICT";
}

export function resolveForeignKey(spec: ForeignKeySpec, catalog: Catalog): ForeignKey {
  return { ...spec, onDelete: resolveDeleteRule(spec.onDelete, catalog), onUpdate: "RESTRICT" };
}
