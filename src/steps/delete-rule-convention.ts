import { type Catalog, type ForeignKey, type ReferenceRule, findTable, sameName } from "../model.ts";
import type { DeleteRule, ForeignKeySpec } from "./step.ts";

/** Child and parent table: the foreign key between them shows what this database does with child rows. */
export const conventionTables = ["DataCollection", "DataCollectionGroup"] as const;

/**
 * True if deleting a DataCollectionGroup also deletes its DataCollections. The official schema does so: 263 of
 * its 274 keys cascade. Diamond's schema restricts. The answer comes from the catalog, never from a name.
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
