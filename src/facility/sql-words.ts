/** The first words of a statement, which say what it is. No parser: strings and comments are blanked, the rest is read by form. */

const opaque =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`|\/\*(?![!M])[\s\S]*?\*\/|--(?=\s|$)[^\n]*|#[^\n]*|\/\*M?!\d*|\*\//g;

/** The statement without strings, comments and line breaks; what a conditional comment holds stays, because servers run it. */
export function wordsOf(sql: string): string {
  const bare = sql.replaceAll(opaque, (piece) => {
    if (piece.startsWith("`")) return piece;
    return piece.startsWith("'") || piece.startsWith('"') ? "''" : " ";
  });
  return bare.replaceAll(/\s+/g, " ").trim();
}

/** A name of one part, for an expression: `thing` or thing, and not thing.other. */
const NAME = "(?<$>`(?:[^`]|``)+`|[\\w$]+)(?! ?\\.)";

/** An expression for the beginning of a statement's words; NAME may come in it, called by what is between <>. */
export function beginning(form: string): RegExp {
  const parts = form.replaceAll(/<(\w+)>/g, (_, called: string) => NAME.replace("$", called));
  return new RegExp(`^${parts}(?![\\w$\`])`, "i");
}
