/**
 * The few forms that a script for the stock client is made of. Plain SQL has no conditional statement,
 * so what depends on the server goes through PREPARE; and SIGNAL cannot be prepared everywhere, so a
 * script stops by reading a table that cannot be there, whose name says why.
 */
import { id, text } from "../sql.ts";
import { toolName } from "../version.ts";

/** A table name has 64 characters at most. */
const LONGEST_NAME = 64;

/** What has to be true for anything to be changed: a client that goes on after an error changes nothing. */
export const go = "@ispyb_go";

/** Ends the script unless the condition is true. */
export function stopUnless(condition: string, why: string): string {
  const name = `${toolName} stops: ${why}`;
  if (name.length > LONGEST_NAME) throw new Error(`too long for a table name: ${name}`);
  const decided = `SET ${go} = ${go} AND COALESCE(${condition}, FALSE);`;
  return `${decided} ${either(go, "'DO 0'", text(`SELECT 1 FROM ${id(name)}`))}`;
}

/** Runs a statement, given as SQL for its text, where the condition is true. */
export function onlyIf(condition: string, statement: string): string {
  return either(condition, statement, "'DO 0'");
}

function either(condition: string, statement: string, other: string): string {
  return `SET @ispyb_sql = IF(${condition}, ${statement}, ${other}); PREPARE ispyb_statement FROM @ispyb_sql; EXECUTE ispyb_statement;`;
}

/** Nothing that is quoted from a database may end the line. */
export function comment(line: string): string {
  return line === "" ? "--" : `-- ${line.replaceAll(/\p{Cc}/gu, " ")}`;
}

/** SQL of one value, or NULL. */
export function textOrNull(value: string | undefined): string {
  return value === undefined ? "NULL" : text(value);
}
