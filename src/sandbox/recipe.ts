/** What a test database is made of, and the hash that its templates are known by. */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { Base } from "../base/base.ts";
import { baseFingerprint } from "../base/fingerprint.ts";
import type { Source } from "../facility/sources.ts";
import { ownCode, ownMigrations } from "../own-files.ts";
import type { StorySource } from "../seed/story/source.ts";

export interface Recipe {
  /** Base schemas, loaded in this order. */
  readonly bases: readonly Base[];
  /** The facility's own migrations, after those of this package. */
  readonly migrations: readonly Source[];
  readonly stories: readonly StorySource[];
  /** The reference time of the stories, in the server's time zone. */
  readonly at: string;
}

/** The stories' reference time unless a user gives another one: fixed, so that contents can be reproduced. */
export const USUAL_TIME = "2026-01-01 12:00:00";

/**
 * Hash of everything that a test database's content depends on: this program's own code, base, migrations, stories,
 * and `server`: its version and settings. Files are hashed as they are, not loaded: that would take longer than to
 * start a server. The version of the package is not enough: in a checkout the code changes without it.
 */
export async function fingerprint(
  recipe: Recipe,
  server: readonly string[],
  migrations = ownMigrations,
): Promise<string> {
  const hash = createHash("sha256");
  const add = (...words: readonly string[]) => {
    for (const word of words) hash.update(`${Buffer.byteLength(word)}:${word}`);
  };
  add(...server, "at", recipe.at, "code", ...(await filesOf(ownCode)));
  add("base", await baseFingerprint(recipe.bases), "migrations", ...(await filesOf(migrations, "base/")));
  for (const { folder, name } of recipe.migrations)
    add("migrations of", name, ...(await filesOf(pathToFileURL(`${folder}/`))));
  for (const { name, text } of recipe.stories) add("story", name, text);
  return hash.digest("hex").slice(0, 24);
}

// --- internal ---

/** Names and contents of all code and SQL in a folder, without one folder in it: the bases are hashed by themselves. */
async function filesOf(folder: URL, without?: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(?:m?[jt]s|sql|json)$/.test(name));
  const wanted = names
    .filter((name) => !name.endsWith(".d.ts") && (without === undefined || !name.startsWith(without)))
    .toSorted();
  const texts = await Promise.all(wanted.map((name) => readFile(new URL(name, folder), "utf8")));
  return wanted.flatMap((name, at) => [name, texts[at] ?? ""]);
}
