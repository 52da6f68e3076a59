/**
 * A condition on a JSON that is of a type of its own, as in MySQL; TRUE where JSON is text, as in MariaDB,
 * whose servers skip this comment as they skip those of variables.ts.
 */
export function whereJsonIsTyped(condition: string): string {
  return `(TRUE /*!80000 AND ${condition} */)`;
}
