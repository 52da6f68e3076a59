/** The tokens of a routine's text, without formatting and comments. Texts with the same tokens do the same. */

const token =
  // strings, quoted names, and comments that a server executes are one token each
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`]|``)*`|\/\*M?![\s\S]*?\*\/|(?:--[ \t][^\n]*|--$|#[^\n]*|\/\*[\s\S]*?\*\/)|@{0,2}[\w$.]+|:=|<=>|[<>!]=|<>|\|\||&&|\S/gm;

const comment = /^(?:--|#|\/\*(?!M?!))/;

export function tokensOf(sql: string): string[] {
  return (sql.match(token) ?? []).filter((each) => !comment.test(each));
}

/** The tokens before the first occurrence of this word, and the unchanged text from there on. */
export function tokensBefore(sql: string, word: string): { tokens: string[]; rest: string } | undefined {
  const tokens: string[] = [];
  for (const { 0: each, index } of sql.matchAll(token)) {
    if (each.toUpperCase() === word) return { tokens, rest: sql.slice(index) };
    if (!comment.test(each)) tokens.push(each);
  }
  return undefined;
}
