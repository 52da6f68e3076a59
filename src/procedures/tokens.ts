/** The words of a routine's text: what formatting and comments leave. Two texts of the same words do the same. */

const token =
  // strings, quoted names, and the comments that a server executes, each as one
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`]|``)*`|\/\*M?![\s\S]*?\*\/|(?:--[ \t][^\n]*|--$|#[^\n]*|\/\*[\s\S]*?\*\/)|@{0,2}[\w$.]+|:=|<=>|[<>!]=|<>|\|\||&&|\S/gm;

const comment = /^(?:--|#|\/\*(?!M?!))/;

export function tokensOf(sql: string): string[] {
  return (sql.match(token) ?? []).filter((each) => !comment.test(each));
}
