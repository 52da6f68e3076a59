/**
 * How a script for the stock client stops. SIGNAL cannot be prepared everywhere, so the script reads a table that
 * cannot exist. The name of that table is the reason.
 */
import { runEither } from "../script-forms.ts";
import { id, text } from "../sql.ts";
import type { Statement } from "../steps/contract.ts";
import { toolName } from "../version.ts";

/** The limit of the servers, in characters. */
const LONGEST_NAME = 64;

/** True until a check fails. Every change requires it, so a client that continues after an error changes nothing. */
export const checksPass = "@ispyb_ok";

/** Stops the script unless the condition is true. `why` becomes part of a table name: 64 characters in all. */
export function stopUnless(condition: string, why: string): string {
  const name = `${toolName} stops: ${why}`;
  if (name.length > LONGEST_NAME) throw new Error(`the reason is too long for a table name: ${name}`);
  const decided = `SET ${checksPass} = ${checksPass} AND COALESCE(${condition}, FALSE);`;
  return `${decided} ${runEither(checksPass, "'DO 0'", text(`SELECT 1 FROM ${id(name)}`))}`;
}

/** A text literal, or NULL. */
export function textOrNull(value: string | undefined): string {
  return value === undefined ? "NULL" : text(value);
}

/** Sets the session variables of a statement, and restores them after it. */
export function withSession(session: Statement["session"] = {}, line: string): string[] {
  const variables = Object.entries(session);
  return [
    ...variables.map(([name, value]) => `SET @ispyb_${name} = @@SESSION.${name}; SET SESSION ${name} = ${value};`),
    line,
    ...variables.map(([name]) => `SET SESSION ${name} = @ispyb_${name};`),
  ];
}
