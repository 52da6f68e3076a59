/** Characters as the stock client classifies them. Only ASCII counts: every other byte may be part of a character. */
export const charactersOf = {
  BACKSLASH: 92,
  BACKTICK: 96,
  DASH: 45,
  DOUBLE: 34,
  HASH: 35,
  SINGLE: 39,
  SLASH: 47,
  STAR: 42,
} as const;

const SPACE = 32;
const DELETE = 127;

/** A space, or one of the five from TAB to CR. */
export function isBlank(code: number): boolean {
  return code === SPACE || (code >= 9 && code <= 13);
}

/** The length of the text up to `end`, without blanks and control characters there. */
export function trimmedLength(text: string, end: number): number {
  let length = Math.min(end, text.length);
  while (length > 0 && (text.charCodeAt(length - 1) <= SPACE || text.charCodeAt(length - 1) === DELETE)) length -= 1;
  return length;
}

/** True at the beginning of a conditional comment, which a server executes: it is no comment. */
export function isConditional(text: string, at: number): boolean {
  return text[at + 2] === "!" || (text[at + 2] === "M" && text[at + 3] === "!");
}

/** The length of a byte order mark, in text or in bytes that are shown as one character each. */
export function markLength(text: string): number {
  if (text.startsWith("\u{FEFF}")) return 1;
  return text.startsWith("\u{EF}\u{BB}\u{BF}") ? 3 : 0;
}
