/** A script that is in memory, cut as src/base/lexer.ts says. */
import { Lexer } from "./lexer.ts";
import { linesOf } from "./lines.ts";
import type { ScriptPart } from "./script-part.ts";

/** The script in parts; joined again they are the same text: `join(split(x)) === x`. */
export function split(script: string): ScriptPart[] {
  return [...splitChunks([script])];
}

/** The same of a script that comes in chunks. */
export function* splitChunks(chunks: Iterable<string>, lexer = new Lexer()): Generator<ScriptPart> {
  for (const line of linesOf(chunks)) yield* lexer.read(line);
  yield* lexer.end();
}

export function join(parts: readonly ScriptPart[]): string {
  return parts.map((part) => part.source).join("");
}

/** Only the statements for the server, in order. */
export function statements(script: string): ScriptPart[] {
  return split(script).filter((part) => part.sql !== "");
}
