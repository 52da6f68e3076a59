/**
 * Splits an SQL script into single statements as the stock client does: only at the delimiter, outside quotes and
 * comments. BEGIN and END have no meaning here, because blocks cannot be recognised reliably. Other commands of the
 * client (source, \G, …) are not known and are sent to the server, which refuses them.
 */
export interface ScriptPart {
  /** The exact piece of the script, with its delimiter and everything before the statement. */
  readonly source: string;
  /** The statement for the server; empty for a DELIMITER line and for a piece of only comments or blanks. */
  readonly sql: string;
  /** The line, counted from 1, where `sql` begins, or where the piece begins if `sql` is empty. */
  readonly line: number;
}

/** The script in parts; joined again they are the same text: `join(split(x)) === x`. */
export function split(script: string): ScriptPart[] {
  const parts: ScriptPart[] = [];
  let delimiter = ";";
  let from = 0;
  /** The position of the statement's first character; -1 after only blanks and comments. */
  let begin = -1;
  let line = 1;

  const cut = (to: number, sqlEnd: number) => {
    const source = script.slice(from, to);
    const sql = begin < 0 ? "" : script.slice(begin, sqlEnd).trimEnd();
    const before = begin < 0 ? "" : script.slice(from, begin);
    parts.push({ source, sql, line: line + lineBreaks(before) });
    line += lineBreaks(source);
    from = to;
    begin = -1;
  };

  let at = 0;
  while (at < script.length) {
    if (begin < 0 && startsLine(script, at)) {
      const command = delimiterCommand(script, at);
      if (command !== undefined) {
        delimiter = command.delimiter;
        at = command.end;
        cut(at, at);
        continue;
      }
    }
    if (script.startsWith(delimiter, at)) {
      at += delimiter.length;
      cut(at, at - delimiter.length);
      continue;
    }
    const comment = commentEnd(script, at);
    if (comment !== undefined) {
      at = comment;
      continue;
    }
    if (begin < 0 && !isBlank(script[at])) begin = at;
    at = quoteEnd(script, at) ?? at + 1;
  }
  if (from < script.length) cut(script.length, script.length);
  return parts;
}

export function join(parts: readonly ScriptPart[]): string {
  return parts.map((part) => part.source).join("");
}

/** Only the statements for the server, in order. */
export function statements(script: string): ScriptPart[] {
  return split(script).filter((part) => part.sql !== "");
}

// --- internal ---

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}

function lineBreaks(text: string): number {
  return text.split("\n").length - 1;
}

/** True if only blanks precede `at` on its line. */
function startsLine(script: string, at: number): boolean {
  const lineStart = script.lastIndexOf("\n", at - 1) + 1;
  return script.slice(lineStart, at).trim() === "";
}

/** `DELIMITER x`, with the rest of its line, which the client ignores. Without x it is no command. */
function delimiterCommand(script: string, at: number): { delimiter: string; end: number } | undefined {
  const command = /delimiter[ \t]+(\S+)[^\n]*\n?/iy;
  command.lastIndex = at;
  const match = command.exec(script);
  return match?.[1] === undefined ? undefined : { delimiter: match[1], end: command.lastIndex };
}

/**
 * The end of the comment that begins here. `/*!` and `/*M!` are no comments: the server executes their content,
 * and the client looks for quotes and the delimiter in them.
 */
function commentEnd(script: string, at: number): number | undefined {
  const character = script[at];
  if (character === "#" || (character === "-" && /^--(?:[\s\p{Cc}]|$)/u.test(script.slice(at, at + 3)))) {
    const end = script.indexOf("\n", at);
    return end < 0 ? script.length : end;
  }
  if (character === "/" && script[at + 1] === "*" && !/^(?:!|M!)/.test(script.slice(at + 2, at + 4))) {
    const end = script.indexOf("*/", at + 2);
    return end < 0 ? script.length : end + 2;
  }
  return undefined;
}

/** The end of the quoted text that begins here; an unclosed quote reaches to the end of the script. */
function quoteEnd(script: string, at: number): number | undefined {
  const quote = script[at];
  if (quote !== "'" && quote !== '"' && quote !== "`") return undefined;
  for (let position = at + 1; position < script.length; position += 1) {
    if (script[position] === "\\" && quote !== "`") position += 1;
    // A doubled quote ends one text and begins the next: the script is not split between the two.
    else if (script[position] === quote) return position + 1;
  }
  return script.length;
}
