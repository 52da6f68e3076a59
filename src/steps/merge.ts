import { alterTableSql } from "../dialect/render.ts";
import { sameName } from "../model.ts";
import type { Clause, Statement } from "./contract.ts";

/**
 * Instant changes of one table as one statement, in their order: one metadata lock instead of several. A column
 * that is changed twice gets its last form directly.
 */
export function mergeInstant(statements: readonly Statement[]): Statement {
  const [first] = statements;
  const [table] = first?.locks ?? [];
  if (first?.online === undefined || table === undefined) throw new Error("nothing to merge");
  const merged: Clause[] = [];
  for (const { clause, guard } of statements) {
    if (clause === undefined) throw new Error("cannot merge a statement that is not instant");
    if (guard !== undefined) throw new Error(`cannot merge a statement that counts ${guard.counts}`);
    const at = merged.findIndex((each) => sameName(each.column, clause.column));
    const verb = merged[at]?.verb ?? clause.verb;
    merged.splice(at < 0 ? merged.length : at, 1, { ...clause, verb });
  }
  const clauses = merged.map(({ verb, definition }) => `${verb} ${definition}`);
  return { sql: alterTableSql(table, clauses.join(", "), first.online), online: first.online, locks: [table] };
}
