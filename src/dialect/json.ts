/**
 * The condition on servers with a JSON type, which is MySQL; TRUE on servers with JSON as text, which is MariaDB:
 * MariaDB skips this comment, as it skips those of variables.ts.
 */
export function whereJsonIsTyped(condition: string): string {
  return `(TRUE /*!80000 AND ${condition} */)`;
}
