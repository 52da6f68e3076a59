import { sameForeignKey } from "../catalog/compare.ts";
import { type Catalog, findTable, sameName, withTable } from "../model.ts";
import { addColumn, asAddition } from "../steps/add-column.ts";
import type { Conflict, Facts, Verdict } from "../steps/contract.ts";
import { resolveForeignKey } from "../steps/delete-rule-convention.ts";
import { foreignKeySteps, project } from "../steps/index.ts";
import type { AddForeignKey, CreateTable, Step } from "../steps/step.ts";

/**
 * The catalog with the columns and keys that this step's table lacks, or with the foreign key that it cannot add yet: what
 * is missing is one conflict, not one more for each later step that needs it.
 */
export function withMissingParts(step: Step, conflicts: readonly Conflict[], facts: Facts): Catalog {
  const missing =
    step.kind === "createTable"
      ? partsOf(step).filter(({ name, part }) =>
          conflicts.some(
            ({ add, difference }) =>
              add !== undefined &&
              difference.aspect === "existence" &&
              difference.part === part &&
              difference.object === `${step.table}.${name}`,
          ),
        )
      : foreignKeySteps(step)
          .filter((key) => isAbsent(key, facts.catalog))
          .map((key) => ({ step: key }));
  return missing.reduce((catalog, part) => project(part.step, { ...facts, catalog }), facts.catalog);
}

/** The catalog in which columns have the types that these steps want: what takes its type from one is not one more matter. */
export function withWantedTypes(
  catalog: Catalog,
  steps: readonly { readonly step: Step; readonly verdict: Verdict }[],
): Catalog {
  const conflicts = steps.flatMap(({ step, verdict }) =>
    verdict.state === "conflict" && step.kind !== "addEnumValue" ? verdict.conflicts : [],
  );
  return conflicts.reduce((then, { difference: { aspect, expected, found: actual, object, part } }) => {
    if (part !== "column" || aspect !== "type" || expected === undefined || actual === undefined) return then;
    const [name = "", column = ""] = object.split(".");
    const table = findTable(then, name);
    const columns = table?.columns.map((each) => (sameName(each.name, column) ? { ...each, type: expected } : each));
    return table === undefined || columns === undefined ? then : withTable(then, { ...table, columns });
  }, catalog);
}

// --- internal ---

interface Part {
  readonly part: "column" | "index" | "foreign key";
  readonly name: string;
  readonly step: Step;
}

/** Each part of a table with the step that adds it, columns first. */
function partsOf(step: CreateTable): Part[] {
  const { columns, indexes, table } = step;
  return [
    ...columns.map((column): Part => ({
      part: "column",
      name: column.name,
      step: addColumn(table, asAddition(column)),
    })),
    ...indexes.map((index): Part => ({ part: "index", name: index.name, step: { kind: "addIndex", table, index } })),
    ...foreignKeySteps(step).map((key): Part => ({ part: "foreign key", name: key.foreignKey.name, step: key })),
  ];
}

function isAbsent({ table: name, foreignKey }: AddForeignKey, catalog: Catalog): boolean {
  const table = findTable(catalog, name);
  const wanted = resolveForeignKey(foreignKey, catalog);
  return table !== undefined && !table.foreignKeys.some((key) => sameForeignKey(key, wanted));
}
