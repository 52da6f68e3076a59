/** Checks of a script that a person runs by hand: each prints `ok`, or STOP with the reason. */
import { comment } from "../script-forms.ts";
import { id, text } from "../sql.ts";

/** A SELECT of one row; its column says what is checked. */
export function check(what: string, condition: string, otherwise: string): string {
  return `SELECT IF(${condition}, 'ok', ${text(`STOP: ${otherwise}`)}) AS ${id(what)};`;
}

/** Several lines of a comment. */
export function remarks(lines: readonly string[]): string[] {
  return lines.map((line) => comment(`  ${line}`));
}

/** A statement as the stock client takes it, also where it has semicolons inside. */
export function whole(sql: string): string[] {
  return /^\s*(?:CREATE|ALTER)\b[^(]*?\b(?:PROCEDURE|FUNCTION|TRIGGER|EVENT)\b/i.test(sql)
    ? ["DELIMITER ;;", `${sql};;`, "DELIMITER ;"]
    : [`${sql};`];
}
