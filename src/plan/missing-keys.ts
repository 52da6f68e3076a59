import type { Catalog } from "../model.ts";
import type { Conflict, Facts } from "../steps/contract.ts";
import { foreignKeySteps, project } from "../steps/index.ts";
import type { Step } from "../steps/step.ts";

/**
 * The catalog with the foreign keys that an existing table lacks: a missing key is one conflict, not one more under
 * another name for a later step that changes its delete rule.
 */
export function withMissingKeys(step: Step, conflicts: readonly Conflict[], facts: Facts): Catalog {
  const lacking = conflicts.filter(({ add, difference: { aspect } }) => add !== undefined && aspect === "existence");
  return foreignKeySteps(step)
    .filter(({ table, foreignKey }) =>
      lacking.some(({ difference }) => difference.object === `${table}.${foreignKey.name}`),
    )
    .reduce((catalog, key) => project(key, { ...facts, catalog }), facts.catalog);
}
