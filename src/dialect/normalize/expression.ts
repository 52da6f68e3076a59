/** A CHECK expression without the outer parentheses, which only MySQL adds. */
export function canonicalExpression(sql: string): string {
  let bare = sql.trim();
  while (bare.startsWith("(") && closes(bare) === bare.length - 1) bare = bare.slice(1, -1).trim();
  return bare;
}

/** The position of the parenthesis that closes the one at 0. */
function closes(sql: string): number {
  let depth = 0;
  let quote = "";
  for (let at = 0; at < sql.length; at++) {
    const char = sql.charAt(at);
    if (quote !== "") {
      if (char === "\\" && quote !== "`") at++;
      else if (char === quote) quote = "";
    } else if (char === "'" || char === '"' || char === "`") quote = char;
    else if (char === "(") depth++;
    else if (char === ")" && --depth === 0) return at;
  }
  return -1;
}
