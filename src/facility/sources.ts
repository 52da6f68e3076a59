/** What `--migrations NAME=DIR` says: which folders have migrations of the facility, and how the journal calls them. */
import { resolve } from "node:path";
import { MigrateError } from "../errors.ts";
import { isSourceName } from "../state/migration-names.ts";

export interface Source {
  /** Comes before the name of each migration: `dls` for `dls/2026_11_03_priority`. */
  readonly name: string;
  /** An absolute path. */
  readonly folder: string;
}

/** The sources in the order in which they are given; one value may hold several, with commas between. Throws USAGE. */
export function readSources(given: readonly string[], cwd: string): Source[] {
  const sources = given.flatMap((list) => list.split(/,(?=[^,=/]+=)/)).map((each) => readSource(each.trim(), cwd));
  const twice = sources.find(({ name }, at) => sources.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined)
    throw invalid(`--migrations names ${twice.name} twice`, twice.name, "one folder for each name");
  return sources;
}

// --- internal ---

function readSource(text: string, cwd: string): Source {
  const at = text.indexOf("=");
  const name = text.slice(0, at);
  const folder = text.slice(at + 1);
  if (at < 1 || folder === "")
    throw invalid("invalid value for --migrations", text, "NAME=DIR, such as dls=/etc/ispyb/migrations");
  if (!isSourceName(name)) {
    throw invalid(
      `invalid name in --migrations: ${name}`,
      text,
      "lower-case letters, digits, - and _, at most 30, beginning with a letter; not procedures, grants or schemastatus",
    );
  }
  return { name, folder: resolve(cwd, folder) };
}

function invalid(what: string, text: string, wanted: string): MigrateError {
  return new MigrateError("USAGE", what, {
    found: text,
    wanted,
    done: "nothing was changed",
    next: "give it as --migrations NAME=DIR; the name stays the same for as long as a database has these migrations",
  });
}
