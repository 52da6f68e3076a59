import { shorten } from "./text-width.ts";

/** Columns of a statement that a person reads. */
const SHOWN = 160;

/** A statement may be an INSERT of many megabytes. */
const LOOKED_AT = 2_000;

/** The beginning of a statement, in one line: for messages and for the titles of steps. */
export function shortenStatement(sql: string): string {
  return shorten(sql.slice(0, LOOKED_AT).replaceAll(/\s+/g, " ").trim(), SHOWN, " …");
}
