/** Options of `sandbox` and `provision`, as values. */
import { resolve } from "node:path";
import { MigrateError } from "../../../errors.ts";
import { hint } from "../../../hint.ts";
import { type Recipe, USUAL_TIME } from "../../../sandbox/recipe.ts";
import { readOwnStory, readStoryFile } from "../../../seed/story/source.ts";
import type { LocalContext } from "../../command-context.ts";
import { readAt } from "../seed/story-options.ts";

/** More than a machine with many cores runs side by side: a typing error. */
const MOST_WORKERS = 256;

/** The content: base schemas, stories by name or file, their reference time. Throws USAGE, STORY_INVALID. */
export async function readRecipe({ cwd, options }: LocalContext, words: readonly string[]): Promise<Recipe> {
  const stories = await Promise.all(
    [...new Set(words)].map((word) => (isFile(word) ? readStoryFile(word, cwd) : readOwnStory(word))),
  );
  const bases = (options.base ?? ["official"]).map((base) => (isFile(base) ? resolve(cwd, base) : base));
  return { bases, stories, at: readAt(options.at) ?? USUAL_TIME };
}

/** Throws USAGE for anything but a small number. */
export function readWorkers(word = "1"): number {
  if (/^[1-9]\d{0,2}$/.test(word) && Number(word) <= MOST_WORKERS) return Number(word);
  throw new MigrateError("USAGE", "invalid value for --workers", {
    found: word,
    wanted: `a number from 1 to ${MOST_WORKERS}`,
    done: "no server was started",
    next: hint("sandbox", { options: { workers: "4" } }),
  });
}

/** Throws USAGE if more words follow the first than `most`, or none although `needed` is. */
export function assertWords([word = "", ...others]: readonly string[], most: number, needed?: string): void {
  const isMissing = needed !== undefined && others.length === 0;
  if (!isMissing && others.length <= most) return;
  throw new MigrateError(
    "USAGE",
    isMissing ? `sandbox ${word} needs ${needed}` : `too many words after sandbox ${word}`,
    {
      ...(isMissing ? {} : { found: others.join(" ") }),
      done: "nothing was changed",
      next: hint("sandbox", { args: ["--help"] }),
    },
  );
}

// --- internal ---

/** A path, not a name: names have neither a slash nor a dot. */
function isFile(word: string): boolean {
  return /[./]/.test(word);
}
