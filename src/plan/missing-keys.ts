import { sameForeignKey } from "../catalog/compare.ts";
import { type Catalog, findTable } from "../model.ts";
import type { Conflict, Facts } from "../steps/contract.ts";
import { resolveForeignKey } from "../steps/delete-rule-convention.ts";
import { foreignKeySteps, project } from "../steps/index.ts";
import type { AddForeignKey, Step } from "../steps/step.ts";

/**
 * The catalog with the foreign keys that this step cannot add yet, or that its table lacks: a missing key is one
 * conflict, not one more under another name for a later step that changes its delete rule.
 */
export function withMissingKeys(step: Step, conflicts: readonly Conflict[], facts: Facts): Catalog {
  const lacking = conflicts.filter(({ add, difference: { aspect } }) => add !== undefined && aspect === "existence");
  const isLacking = ({ table, foreignKey }: AddForeignKey) =>
    lacking.some(({ difference }) => difference.object === `${table}.${foreignKey.name}`);
  return foreignKeySteps(step)
    .filter((key) => (step.kind === "createTable" ? isLacking(key) : isAbsent(key, facts.catalog)))
    .reduce((catalog, key) => project(key, { ...facts, catalog }), facts.catalog);
}

function isAbsent({ table: name, foreignKey }: AddForeignKey, catalog: Catalog): boolean {
  const table = findTable(catalog, name);
  const wanted = resolveForeignKey(foreignKey, catalog);
  return table !== undefined && !table.foreignKeys.some((key) => sameForeignKey(key, wanted));
}
