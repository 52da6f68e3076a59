/** The text of SHOW CREATE PROCEDURE as a statement that creates the same procedure. */

/**
 * The server prints the comment with backslashes as escapes, also where the procedure's sql_mode has
 * NO_BACKSLASH_ESCAPES and would read them as they are (measured on every server). The body is printed as it was written.
 */
export function restored(sql: string, sqlMode: string): string {
  if (!sqlMode.split(",").includes("NO_BACKSLASH_ESCAPES")) return sql;
  const at = endOfParameters(sql);
  const characteristics = comment.exec(sql.slice(at));
  if (characteristics === null) return sql;
  const [whole, before = "", printed = ""] = characteristics;
  const written = printed.replaceAll(/\\(.)/gs, (_, escaped: string) => meaning[escaped] ?? escaped);
  return `${sql.slice(0, at)}${before}COMMENT '${written}'\n${sql.slice(at + whole.length)}`;
}

// --- internal ---

/** After the parameters each characteristic has a line; the comment is the last one. */
const comment =
  /^(\n(?: {4}(?:(?:READS|MODIFIES) SQL DATA|NO SQL|CONTAINS SQL|DETERMINISTIC|SQL SECURITY INVOKER)\n)* {4})COMMENT '((?:[^'\\]|\\.|'')*)'\n/s;

const meaning: Readonly<Record<string, string>> = { "0": "\0", n: "\n", r: "\r", Z: "\u001A" };

/** Just after the parenthesis that closes the parameters, which are printed as they were written: a backslash escapes nothing. */
function endOfParameters(sql: string): number {
  let depth = 0;
  let at = 0;
  for (const [token] of sql.matchAll(/`(?:[^`]|``)*`|'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|[^`'"()]+|./gs)) {
    at += token.length;
    if (token === "(") depth++;
    else if (token === ")" && --depth === 0) return at;
  }
  return sql.length;
}
