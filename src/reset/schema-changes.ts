/** How a reset sees that a definition may have changed: the server counts what changes one. */
import type { Db } from "../db/db.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { text } from "../sql.ts";

/**
 * An SQL expression of two numbers: what was counted since the last FLUSH STATUS, without what resets did (the variable
 * `v_own`), and when that was. With more tables than its cache holds the server forgets numbers of InnoDB, so that
 * counts as well.
 *
 * The counters are named one by one, because each reset reads this: a pattern would be tried on all that the server has.
 */
export async function schemaChanges(db: Db, { names }: Dialect): Promise<string> {
  const { view, condition } = names.changeCounters;
  const counters = await db.rows<{ name: string }>(
    `SELECT VARIABLE_NAME AS name FROM ${view} WHERE VARIABLE_NAME ${condition} ORDER BY name`,
  );
  const read = [...counters.map(({ name }) => name), "Uptime", "Uptime_since_flush_status"].map(text);
  return (
    "(SELECT CONCAT_WS(' ', SUM(IF(VARIABLE_NAME LIKE 'Uptime%', 0, VARIABLE_VALUE)) - v_own, " +
    "SUM(CASE VARIABLE_NAME WHEN 'Uptime' THEN VARIABLE_VALUE WHEN 'Uptime_since_flush_status' THEN -VARIABLE_VALUE " +
    `ELSE 0 END)) FROM ${view} WHERE VARIABLE_NAME IN (${read.join(", ")}))`
  );
}
