import { alterTableSql } from "../dialect/render.ts";
import { heaviest } from "../dialect/table-change.ts";
import { sameName } from "../model.ts";
import type { Clause, Statement } from "./contract.ts";

/**
 * Changes of columns of one table as one statement, in their order. It is made as the heaviest of them: one metadata lock,
 * and at most one rebuild (measured). A column that is changed twice gets its last form directly.
 */
export function mergeColumns(statements: readonly Statement[]): Statement {
  const [table] = statements[0]?.locks ?? [];
  const [one, ...more] = statements.flatMap(({ online }) => online ?? []);
  if (one === undefined || table === undefined) throw new Error("nothing to merge");
  const merged: Clause[] = [];
  for (const { clause, guard } of statements) {
    if (clause === undefined) throw new Error("cannot merge a statement that is more than a change of a column");
    if (guard !== undefined) throw new Error(`cannot merge a statement that counts ${guard.counts}`);
    const at = merged.findIndex((each) => sameName(each.column, clause.column));
    const verb = merged[at]?.verb ?? clause.verb;
    merged.splice(at < 0 ? merged.length : at, 1, { ...clause, verb });
  }
  const online = heaviest([one, ...more]);
  const clauses = merged.map(({ verb, definition }) => `${verb} ${definition}`);
  const reads = statements.find((each) => each.reads !== undefined)?.reads;
  return {
    sql: alterTableSql(table, clauses.join(", "), online),
    online,
    locks: [table],
    ...(reads === undefined ? {} : { reads }),
  };
}
