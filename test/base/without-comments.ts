const quoted = String.raw`'(?:[^'\\]|\\[^])*(?:'|$)|"(?:[^"\\]|\\[^])*(?:"|$)|` + "`[^`]*(?:`|$)";
const block = String.raw`\/\*(?!!|M!)[^]*?(?:\*\/|$)`;
const toLineEnd = String.raw`--(?![^\s]).*|#.*`;
const piece = new RegExp(`(${quoted})|(?:${block})+(?:${toLineEnd})?|${toLineEnd}`, "g");

/** A statement as the stock client sends it without its option `--comments`: if it has to, a blank takes a comment's place. */
export function withoutComments(statement: string): string {
  const text = statement.replaceAll(piece, (whole, quotes: string | undefined, at: number) => {
    if (quotes !== undefined) return whole;
    const next = statement[at + whole.length] ?? "\n";
    return whole.endsWith("*/") && !/\s/.test(next) ? " " : "";
  });
  return text.trimEnd();
}
