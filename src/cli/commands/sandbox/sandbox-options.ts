/** Options of `sandbox` and `provision`, as values. */
import { MigrateError } from "../../../errors.ts";
import { hint } from "../../../hint.ts";
import { readRecipe as readContent } from "../../../sandbox/content-options.ts";
import type { Recipe } from "../../../sandbox/recipe.ts";
import type { LocalContext } from "../../command-context.ts";

/** More than a machine with many cores runs side by side: a typing error. */
const MOST_WORKERS = 256;

/** The content: base schemas, migrations of the facility, stories by name or file, their reference time. Throws USAGE, STORY_INVALID. */
export function readRecipe(
  { cwd, options }: Pick<LocalContext, "cwd" | "options">,
  words: readonly string[],
  command: "sandbox" | "provision" = "sandbox",
): Promise<Recipe> {
  const { at, base, migrations } = options;
  return readContent({ stories: words, base, migrations, at }, cwd, command);
}

/** Throws USAGE for anything but a small number. */
export function readWorkers(word = "1", command: "sandbox" | "provision" = "sandbox"): number {
  if (/^[1-9]\d{0,2}$/.test(word) && Number(word) <= MOST_WORKERS) return Number(word);
  throw new MigrateError("USAGE", "invalid value for --workers", {
    found: word,
    wanted: `a number from 1 to ${MOST_WORKERS}`,
    done: "nothing was changed",
    next: hint(command, { options: { workers: "4" } }),
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
