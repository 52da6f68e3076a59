/** Characters of a statement that a person reads. */
const SHOWN = 160;

/** A statement may be an INSERT of many megabytes. */
const LOOKED_AT = 2_000;

/** The beginning of a statement, in one line: for messages and for the titles of steps. */
export function shortenStatement(sql: string): string {
  const line = sql.slice(0, LOOKED_AT).replaceAll(/\s+/g, " ").trim();
  if (line.length <= SHOWN) return line;
  // Never half of a character that is two code units.
  return `${line.slice(0, SHOWN).replace(/[\uD800-\uDBFF]$/u, "")} …`;
}
