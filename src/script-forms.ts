/** Forms of SQL that a script for the stock client is made of. */

/** A comment to the end of its line. Nothing that is quoted from a database may end the line. */
export function comment(line: string): string {
  return `-- ${line.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")}`.trimEnd();
}

/** Runs a statement, given as SQL for its text, where the condition is true. */
export function runIf(condition: string, statement: string): string {
  return runEither(condition, statement, "'DO 0'");
}

/** Runs one of two statements. Plain SQL knows no IF; a prepared statement is a text that may be chosen. */
export function runEither(condition: string, statement: string, other: string): string {
  return (
    `SET @ispyb_sql = IF(${condition}, ${statement}, ${other}); PREPARE ispyb_statement FROM @ispyb_sql; ` +
    "EXECUTE ispyb_statement; DEALLOCATE PREPARE ispyb_statement;"
  );
}
