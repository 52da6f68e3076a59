/** Problems of a story: all at once, each with its place in the file. */
import { fileURLToPath } from "node:url";
import { distance } from "fastest-levenshtein";
import { MigrateError } from "../../errors.ts";
import { ownStorySchema } from "../../own-files.ts";

/** The path to a value: members of mappings and positions in lists. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  readonly text: string;
  /** It is about the name of the member, not about its value. */
  readonly onName?: true;
}

export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** A problem whose place is known. */
export interface PlacedProblem extends SourcePosition {
  readonly file: string;
  readonly text: string;
}

export function storyError(problems: readonly PlacedProblem[]): MigrateError {
  const lines = problems
    .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)
    .map(({ file, line, column, text }) => `${file}:${line}:${column}: ${text}`);
  return new MigrateError(
    "STORY_INVALID",
    lines.length === 1 ? "a story cannot be seeded" : `a story cannot be seeded: ${lines.length} problems`,
    {
      found: [...new Set(lines)],
      done: "no row was written",
      next: [
        "correct the story, or what was given with --use or --at; then run the same command again",
        `put this as the first line of the file, and editors check it while you type: # yaml-language-server: $schema=${fileURLToPath(ownStorySchema)}`,
      ],
    },
  );
}

/** `; did you mean X?` if one of the names is similar. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const [best] = [...names]
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ far }) => far <= Math.ceil(word.length / 3))
    .toSorted((a, b) => a.far - b.far);
  return best === undefined ? "" : `; did you mean ${best.name}?`;
}

/** A value quoted for a message, in one line. */
export function quoteValue(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
