import { type Catalog, findTable, withTable } from "../model.ts";
import { shortenStatement } from "../shorten-statement.ts";
import type { StepHandler } from "./contract.ts";
import { numberAnswered } from "./row-questions.ts";
import type { SqlStatement, Step } from "./step.ts";

/** One statement of a facility's .sql file. Its effect is unknown but for what its probe can see; else the journal decides. */
export const handler: StepHandler<SqlStatement> = {
  title: (step) => `run ${shortenStatement(step.sql)}`,
  missing: (step) => `not done: ${shortenStatement(step.sql)}`,
  present: () => "nothing to do",
  tables: ({ table }) => (table === undefined ? [] : [table]),
  questions: ({ probe }) => (probe === undefined ? [] : [probe.sql]),

  inspect({ probe }, { answers, later, recorded = false }) {
    const isThere = probe !== undefined && (numberAnswered(answers, probe.sql) ?? 0) > 0;
    const isTakenAtItsWord = recorded && (probe === undefined || later.some((step) => names(step, probe.object)));
    return isThere || isTakenAtItsWord ? { state: "present", notices: [] } : { state: "absent" };
  },

  render: ({ sql, session, table, online }) => ({
    sql,
    locks: table === undefined ? [] : [table],
    ...(table === undefined || online?.algorithm === "INSTANT" ? {} : { reads: table }),
    ...(online === undefined ? {} : { online }),
    ...(session === undefined ? {} : { session }),
  }),

  /** A new table is there for what follows, and nothing is known of its columns. */
  project: ({ creates }, { catalog }) =>
    creates === undefined || findTable(catalog, creates) !== undefined ? catalog : withUnknownTable(catalog, creates),

  undo: ({ undo }, { catalog }) => ({
    ...(undo === undefined ? {} : { statement: { ...undo, locks: [] } }),
    blocked: [],
    after: catalog,
  }),

  /** Without a probe only the journal knows: a script asks it by itself. */
  probe: ({ probe }) => probe?.sql ?? "SELECT 0 AS n",
};

/** A later statement that names the object may have dropped or renamed it. */
function names(step: Step, object: string): boolean {
  return step.kind === "sqlStatement" && step.sql.toLowerCase().includes(object.toLowerCase());
}

function withUnknownTable(catalog: Catalog, name: string): Catalog {
  const { charset, collation } = catalog;
  const nothing = { columns: [], indexes: [], foreignKeys: [], checks: [], notUnderstood: [] };
  return withTable(catalog, { name, engine: "InnoDB", charset, collation, ...nothing });
}
