/** The session in which a table is copied. */
import type { Dialect } from "../dialect/dialect.ts";
import { type Online, type Table, sameName } from "../model.ts";
import type { Statement } from "./contract.ts";

/**
 * MySQL checks the foreign keys of each row that it copies, and locks the parent's row until the copy ends. A writer of such a
 * row has the table in use and waits for the copy, whose last lock waits for that writer: the work is lost (measured on
 * 9.7). The rows were checked when they were written. `column`: the one that is changed or dropped. If a key has it,
 * only the checks refuse what its foreign key does not allow, and they stay.
 */
export function copySession(
  { algorithm }: Online,
  { can }: Dialect,
  { indexes }: Pick<Table, "indexes">,
  column?: string,
): Pick<Statement, "session"> {
  if (algorithm !== "COPY" || !can.copyChecksForeignKeys) return {};
  const isOfKey =
    column !== undefined && indexes.some(({ parts }) => parts.some((part) => sameName(part.column, column)));
  return isOfKey ? {} : { session: { foreign_key_checks: 0 } };
}
