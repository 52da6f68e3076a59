import { foreignKeyDefinition } from "../dialect/render.ts";
import type { ForeignKey } from "../model.ts";
import { id } from "../sql.ts";
import { alterForeignKeys } from "./alter-keys.ts";
import type { Facts, Statement } from "./contract.ts";
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
  facts: Facts,
  first: readonly string[] = [],
): Statement {
  const clauses = [
    ...first,
    ...from.map(({ name }) => `DROP FOREIGN KEY ${id(name)}`),
    ...to.map((key) => `ADD ${foreignKeyDefinition(key)}`),
  ];
  return {
    ...alterForeignKeys(table, foreignKey.parent.table, clauses.join(", "), facts),
    session: { foreign_key_checks: 0 },
  };
}
