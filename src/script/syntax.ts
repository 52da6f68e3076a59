/**
 * How a script for the stock client stops. SIGNAL cannot be prepared everywhere, so a script stops by reading
 * a table that cannot be there, whose name says why.
 */
import { runEither } from "../script-forms.ts";
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
  return `${decided} ${runEither(go, "'DO 0'", text(`SELECT 1 FROM ${id(name)}`))}`;
}

/** SQL of one value, or NULL. */
export function textOrNull(value: string | undefined): string {
  return value === undefined ? "NULL" : text(value);
}
