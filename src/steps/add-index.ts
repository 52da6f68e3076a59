import { sameIndex } from "../catalog/compare.ts";
import { describeIndex } from "../catalog/describe.ts";
import { alterTable, indexDefinition } from "../dialect/render.ts";
import { findTable, sameName, withTable } from "../model.ts";
import { conflicting, noSuchTable } from "./judge.ts";
import { type AddIndex, type StepHandler, mustFindTable } from "./step.ts";

export function addIndex(table: string, index: AddIndex["index"]): AddIndex {
  return { kind: "addIndex", table, index };
}

export const handler: StepHandler<AddIndex> = {
  title: (step) =>
    `add key ${step.table}.${step.index.name} (${step.index.parts.map((part) => part.column).join(", ")})`,
  tables: (step) => [step.table],

  inspect(step, { catalog }) {
    const object = `${step.table}.${step.index.name}`;
    const table = findTable(catalog, step.table);
    if (table === undefined) return noSuchTable(step.table);
    const twin = table.indexes.find((index) => sameIndex(index, step.index));
    if (twin !== undefined) {
      const renamed = { part: "index", object, aspect: "name", expected: step.index.name, found: twin.name } as const;
      return { state: "present", notices: sameName(twin.name, step.index.name) ? [] : [renamed] };
    }
    const namesake = table.indexes.find((index) => sameName(index.name, step.index.name));
    if (namesake === undefined) return { state: "absent" };
    return conflicting({
      part: "index",
      object,
      aspect: "columns",
      expected: describeIndex(step.index),
      found: describeIndex(namesake),
    });
  },

  render(step, { dialect }) {
    const online = dialect.can.withoutRebuild;
    return {
      sql: alterTable(step.table, `ADD ${indexDefinition(step.index)}`, online),
      online,
      reads: step.table,
      locks: [step.table],
    };
  },

  project(step, { catalog }) {
    const table = mustFindTable(findTable(catalog, step.table), step.table);
    return withTable(catalog, { ...table, indexes: [...table.indexes, step.index] });
  },
};
