import { findTable } from "../model.ts";
import type { StepHandler } from "./contract.ts";
import { numberAnswered } from "./row-questions.ts";
import type { RunSql } from "./step.ts";
import { noSuchTable } from "./verdict.ts";

export function runSql(table: string, parts: Omit<RunSql, "kind" | "table">): RunSql {
  return { kind: "runSql", table, ...parts };
}

export const handler: StepHandler<RunSql> = {
  title: (step) => step.title,
  missing: (step) => `not done: ${step.title}`,
  present: () => "nothing to do",
  tables: (step) => [step.table],

  questions: (step, catalog) => (findTable(catalog, step.table) === undefined ? [] : [step.present]),

  inspect(step, { catalog, answers }) {
    if (findTable(catalog, step.table) === undefined) return noSuchTable(step.table);
    const there = numberAnswered(answers, step.present) ?? 0;
    return there === 0 ? { state: "absent" } : { state: "present", notices: [] };
  },

  render: ({ table, sql }) => ({ sql, reads: table, locks: [table] }),

  /** Returns the same catalog: the effect on the schema is known when the catalog is read again. */
  project: (_, { catalog }) => catalog,

  undo: ({ table, undo }, { catalog }) => ({
    ...("sql" in undo ? { statement: { sql: undo.sql, reads: table, locks: [table] } } : { remains: undo.none }),
    blocked: [],
    after: catalog,
  }),

  probe: (step) => step.present,
};
