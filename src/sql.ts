/**
 * Identifiers and literals: the only functions that turn values into SQL text.
 */

/** `name` as a quoted identifier, backticks doubled. */
export function id(name: string): string {
  if (name === "" || name.includes("\0")) throw new TypeError(`not an identifier: ${JSON.stringify(name)}`);
  return `\`${name.replaceAll("`", "``")}\``;
}

/** `(a, b)` as quoted identifiers. */
export function idList(names: readonly string[]): string {
  return `(${names.map(id).join(", ")})`;
}

/** The name in a quoted identifier; an unquoted one is returned unchanged. */
export function unquoteId(quoted: string): string {
  return quoted.startsWith("`") ? quoted.slice(1, -1).replaceAll("``", "`") : quoted;
}

/** One `?` for each value, for `IN (…)` or `VALUES (…)`. */
export function placeholders(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}

/**
 * A string literal for the sessions of this tool, whose sql_mode never has NO_BACKSLASH_ESCAPES
 * or ANSI_QUOTES (src/db/session.ts sets it, and a script written by `plan --sql` does too).
 */
export function text(value: string): string {
  // Fast path for nearly every text: generated rows contain millions.
  if (!/[\\'\0]/.test(value)) return `'${value}'`;
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\0", "\\0")}'`;
}
