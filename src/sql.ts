/**
 * Identifiers and literals: the only way to make SQL text out of values.
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

/**
 * A string literal that means the same under every sql_mode: quotes are doubled, and a text with
 * a backslash or a NUL is written in hexadecimal, because NO_BACKSLASH_ESCAPES changes its reading.
 */
export function text(value: string): string {
  if (/[\\\0]/.test(value)) return `_utf8mb4 0x${Buffer.from(value, "utf8").toString("hex")}`;
  return `'${value.replaceAll("'", "''")}'`;
}
