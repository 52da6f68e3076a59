/** The text of SHOW CREATE PROCEDURE as a statement that creates the same procedure. */
import { type PrintedParts, joined, partsOf } from "./printed.ts";

/**
 * The server prints the comment with backslashes as escapes, also where the procedure's sql_mode has
 * NO_BACKSLASH_ESCAPES and would read them as they are (measured on every server). The body is printed as it was written.
 */
export function restored(sql: string, sqlMode: string): string {
  return joined(restoredParts(partsOf(sql, { sqlMode }), sqlMode));
}

export function restoredParts(parts: PrintedParts, sqlMode: string): PrintedParts {
  if (!sqlMode.split(",").includes("NO_BACKSLASH_ESCAPES")) return parts;
  const characteristics = parts.characteristics.replace(comment, (_, printed: string) => {
    const written = printed.replaceAll(/\\(.)/gs, (_escape, escaped: string) => meaning[escaped] ?? escaped);
    return `COMMENT '${written}'\n`;
  });
  return { ...parts, characteristics };
}

// --- internal ---

/** The comment is the last of the characteristics. */
const comment = /(?<=\n {4})COMMENT '((?:[^'\\]|\\.|'')*)'\n$/s;

const meaning: Readonly<Record<string, string>> = { "0": "\0", n: "\n", r: "\r", Z: "\u001A" };
