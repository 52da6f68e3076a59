/** Characters of a statement that a person reads. */
const SHOWN = 160;

/** A statement may be an INSERT of many megabytes. */
const LOOKED_AT = 2_000;

/** The beginning of a statement, in one line: for messages and for the titles of steps. Never half a character. */
export function shortenStatement(sql: string): string {
  const characters = [...sql.slice(0, LOOKED_AT).replaceAll(/\s+/g, " ").trim()];
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN).join("")} …` : characters.join("");
}
