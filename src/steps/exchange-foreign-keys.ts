import type { Dialect } from "../dialect/dialect.ts";
import { alterTableSql, foreignKeyDefinition } from "../dialect/render.ts";
import type { ForeignKey } from "../model.ts";
import { id } from "../sql.ts";
import type { Statement } from "./contract.ts";
import type { AddForeignKey, ChangeDeleteRule } from "./step.ts";

/**
 * One ALTER that replaces the keys `from` by the keys `to`, after the `first` clauses: the table is never without a
 * key. With foreign_key_checks on, the server copies the table under a lock. Off, it changes only metadata, and a
 * guard counts the orphans.
 */
export function exchangeForeignKeys(
  { table, foreignKey }: AddForeignKey | ChangeDeleteRule,
  from: readonly ForeignKey[],
  to: readonly ForeignKey[],
  { can }: Dialect,
  first: readonly string[] = [],
): Statement {
  const online = can.withoutRebuild;
  const clauses = [
    ...first,
    ...from.map(({ name }) => `DROP FOREIGN KEY ${id(name)}`),
    ...to.map((key) => `ADD ${foreignKeyDefinition(key)}`),
  ];
  return {
    sql: alterTableSql(table, clauses.join(", "), online),
    online,
    locks: [...new Set([table, foreignKey.parent.table])],
    session: { foreign_key_checks: 0 },
  };
}
