import { resolve } from "node:path";
import { readFolder } from "../facility/folder.ts";
import { type Source, readSources } from "../facility/sources.ts";
import { hint } from "../hint.ts";
import { readAt } from "../seed/story/at.ts";
import { readOwnStory, readStoryFile } from "../seed/story/source.ts";
import { type Recipe, USUAL_TIME } from "./recipe.ts";

/** What a test database holds, in the words of users. */
export interface ContentOptions {
  /** Example jobs: names of this package's stories, or files of your own. */
  readonly stories?: readonly string[] | undefined;
  /** `official` (default), `diamond`, a dump, or a checkout of an ispyb-database repository; several are loaded in this order. */
  readonly base?: string | readonly string[] | undefined;
  /** The facility's own migrations, as `--migrations` takes them: `dls=./migrations`. */
  readonly migrations?: string | readonly string[] | undefined;
  /** The stories' reference time, as `seed --at` takes it; a fixed time by default. */
  readonly at?: string | undefined;
}

/**
 * Relative files are in `folder`; `command` is the one to run again after a mistake. Throws USAGE, STORY_INVALID, and
 * CONFIGURATION for a folder of migrations that cannot be used.
 */
export async function readRecipe(
  { at, base, migrations = [], stories = [] }: ContentOptions,
  folder: string,
  command: "sandbox" | "provision" = "sandbox",
): Promise<Recipe> {
  const instead = hint(command, { args: ["./STORY.yaml"], note: "a story of your own, by the path of its file" });
  const sources = await Promise.all(
    [...new Set(stories)].map((word) => (isFile(word) ? readStoryFile(word, folder) : readOwnStory(word, instead))),
  );
  const bases = [base ?? "official"].flat().map((each) => (isFile(each) ? resolve(folder, each) : each));
  return {
    bases,
    migrations: await readFolders([migrations].flat(), folder),
    stories: sources,
    at: readAt(at, command) ?? USUAL_TIME,
  };
}

// --- internal ---

/** With the files in them: nothing of a folder is used before it was checked. */
async function readFolders(given: readonly string[], cwd: string): Promise<Source[]> {
  const sources = readSources(given, cwd);
  for (const source of sources) await readFolder(source);
  return sources;
}

/** A path, not a name: names have neither a slash nor a dot. */
function isFile(word: string): boolean {
  return /[./]/.test(word);
}
