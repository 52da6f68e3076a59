/** The words of a routine's text: what formatting and comments leave. Two texts of the same words do the same. */

const token =
  // strings, quoted names, and the comments that a server executes, each as one
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`]|``)*`|\/\*M?![\s\S]*?\*\/|(?:--[ \t][^\n]*|--$|#[^\n]*|\/\*[\s\S]*?\*\/)|@{0,2}[\w$.]+|:=|<=>|[<>!]=|<>|\|\||&&|\S/gm;

const comment = /^(?:--|#|\/\*(?!M?!))/;

export function tokensOf(sql: string): string[] {
  return (sql.match(token) ?? []).filter((each) => !comment.test(each));
}

/** The tokens before the first that is this word, and all that comes from there on, as it stands. */
export function tokensBefore(sql: string, word: string): { tokens: string[]; rest: string } | undefined {
  const tokens: string[] = [];
  for (const { 0: each, index } of sql.matchAll(token)) {
    if (each.toUpperCase() === word) return { tokens, rest: sql.slice(index) };
    if (!comment.test(each)) tokens.push(each);
  }
  return undefined;
}
