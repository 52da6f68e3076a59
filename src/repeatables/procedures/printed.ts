/**
 * The text of SHOW CREATE PROCEDURE in its parts. The server prints parameters and body in the bytes in which they were
 * sent, and writes the rest itself, in UTF-8 (measured on every server).
 */

export interface PrintedParts {
  /** CREATE, the definer and the name, up to the parenthesis. */
  readonly head: string;
  /** With their parentheses. */
  readonly parameters: string;
  /** A line for each, the comment as the last one. */
  readonly characteristics: string;
  readonly body: string;
}

interface Form {
  readonly sqlMode: string;
  /** The character set, if `printed` holds its bytes as one character each. */
  readonly charset?: string;
}

export function partsOf(printed: string, form: Form): PrintedParts {
  const { open, close } = parentheses(printed, form);
  const characteristics = characteristicLines.exec(printed.slice(close))?.[0] ?? "";
  return {
    head: printed.slice(0, open),
    parameters: printed.slice(open, close),
    characteristics,
    body: printed.slice(close + characteristics.length),
  };
}

export function joined({ head, parameters, characteristics, body }: PrintedParts): string {
  return head + parameters + characteristics + body;
}

// --- internal ---

const characteristicLines =
  /^\n(?: {4}(?:(?:READS|MODIFIES) SQL DATA|NO SQL|CONTAINS SQL|DETERMINISTIC|SQL SECURITY INVOKER|COMMENT '(?:[^'\\]|\\.|'')*')\n)*/s;

/** The first bytes of characters whose second byte may be a backslash or a quote. */
const firstBytes: Readonly<Record<string, string>> = {
  big5: "\\x81-\\xFE",
  gbk: "\\x81-\\xFE",
  gb18030: "\\x81-\\xFE",
  sjis: "\\x81-\\x9F\\xE0-\\xFC",
  cp932: "\\x81-\\x9F\\xE0-\\xFC",
};

/** Where the parameters begin and end: outside of names, strings and comments. */
function parentheses(printed: string, form: Form): { open: number; close: number } {
  let depth = 0;
  let at = 0;
  let open = -1;
  for (const [token] of printed.matchAll(tokens(form))) {
    if (token === "(" && depth++ === 0) open = at;
    at += token.length;
    if (token === ")" && --depth === 0) return { open, close: at };
  }
  throw new Error("SHOW CREATE PROCEDURE printed no parameters");
}

function tokens({ sqlMode, charset = "" }: Form): RegExp {
  const modes = sqlMode.split(",");
  const first = firstBytes[charset];
  const wide = first === undefined ? "" : `[${first}][\\x40-\\xFE]|`;
  const escaped = modes.includes("NO_BACKSLASH_ESCAPES") ? "" : "\\\\.|";
  const quoted = (quote: string, inside: string) => `${quote}(?:${wide}${inside}${quote}${quote}|[^${quote}])*${quote}`;
  const strings = [
    quoted("'", escaped),
    quoted('"', modes.includes("ANSI_QUOTES") ? "" : escaped),
    quoted("`", ""),
    "/\\*.*?\\*/",
    "--[ \\t\\n][^\\n]*",
    "#[^\\n]*",
  ];
  return new RegExp(`${strings.join("|")}|${wide}.`, "gs");
}
