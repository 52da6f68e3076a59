import { alterTableSql, underClock } from "../dialect/render.ts";
import { heaviest } from "../dialect/table-change.ts";
import { sameName } from "../model.ts";
import type { Clause, Statement } from "./contract.ts";

/**
 * Changes of one table as one statement, in their order. It is made as the heaviest of them: one metadata lock, and at most
 * one rebuild (measured). A column that is changed twice gets its last form directly. Every count of theirs is kept.
 */
export function mergeStatements(statements: readonly Statement[]): Statement {
  const [first] = statements;
  if (first !== undefined && statements.length === 1) return first;
  const [table] = first?.locks ?? [];
  const [one, ...more] = statements.flatMap(({ online }) => online ?? []);
  if (one === undefined || table === undefined) throw new Error("nothing to merge");
  const online = heaviest([one, ...more]);
  const clauses = mergedClauses(statements);
  const sql = alterTableSql(table, clauses.map(({ verb, definition }) => `${verb} ${definition}`).join(", "), online);
  const reads = statements.find((each) => each.reads !== undefined)?.reads;
  const guards = statements.flatMap((each) => each.guards ?? []);
  const session = sessionOf(statements);
  return {
    sql: underClock(sql, statements.find(({ clause }) => clause?.clock !== undefined)?.clause?.clock),
    online,
    locks: [...new Set(statements.flatMap(({ locks }) => locks))],
    ...(reads === undefined ? {} : { reads }),
    ...(statements.some(({ rebuilds }) => rebuilds) ? { rebuilds: true } : {}),
    ...(guards.length === 0 ? {} : { guards }),
    ...(Object.keys(session).length === 0 ? {} : { session }),
  };
}

/** All that they set; but where one of them needs the checks of foreign keys, they stay. */
function sessionOf(statements: readonly Statement[]): NonNullable<Statement["session"]> {
  const { foreign_key_checks: checks, ...rest } = Object.assign(
    {},
    ...statements.map((each) => each.session),
  ) as NonNullable<Statement["session"]>;
  const isNeeded = statements.some(({ online, session }) => online?.algorithm === "COPY" && session === undefined);
  return checks === undefined || isNeeded ? rest : { ...rest, foreign_key_checks: checks };
}

function mergedClauses(statements: readonly Statement[]): Clause[] {
  const merged: Clause[] = [];
  for (const { clause } of statements) {
    if (clause === undefined) throw new Error("cannot merge a statement that is more than one change of a table");
    const at = merged.findIndex(({ column = "" }) => column !== "" && sameName(column, clause.column ?? ""));
    const verb = merged[at]?.verb ?? clause.verb;
    merged.splice(at < 0 ? merged.length : at, 1, { ...clause, verb });
  }
  return merged;
}
