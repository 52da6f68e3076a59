import { readdir } from "node:fs/promises";
import { MigrateError } from "../errors.ts";
import type { MigrationSource } from "../steps/author.ts";
import { kinds } from "../steps/index.ts";
import { checksum } from "./checksum.ts";

export interface Migration extends MigrationSource {
  /** The file's name without its extension: the same for the source and for the built file. */
  readonly name: string;
  readonly checksum: string;
}

/** The project's own migrations; src/ and dist/src/ lie equally deep. */
const ownMigrations = new URL("../../migrations/", import.meta.url);

const migrationFile = /^(\d{4}_\d{2}_\d{2}_[a-z0-9_]+)\.(?:ts|js)$/;

/** The migrations of a folder in the order of their names. Throws CONFIGURATION for a file that is none. */
export async function loadMigrations(folder: URL = ownMigrations): Promise<Migration[]> {
  const files = (await readdir(folder))
    .filter((file) => /\.(?:ts|js)$/.test(file) && !file.endsWith(".d.ts"))
    .toSorted();
  const names = files.map(
    (file) => migrationFile.exec(file)?.[1] ?? refuseFile(file, "its name is not YYYY_MM_DD_what_it_does"),
  );
  const twice = files.find((_, at) => names.indexOf(names[at] ?? "") !== at);
  if (twice !== undefined) refuseFile(twice, "another file has the same name but for its extension");
  return Promise.all(files.map((file, at) => loadOne(new URL(file, folder), names[at] ?? file)));
}

function refuseFile(file: string, found: string): never {
  throw new MigrateError("CONFIGURATION", `${file} in the migrations folder cannot be used`, {
    found,
    next: "give it the name of a migration, in small letters, digits and underscores, or move it elsewhere",
  });
}

async function loadOne(file: URL, name: string): Promise<Migration> {
  const module = (await import(file.href)) as { default?: unknown };
  const source = module.default;
  if (!isMigration(source)) {
    throw new MigrateError("CONFIGURATION", `migration ${name} cannot be used`, {
      where: `${name} in the migrations folder`,
      found: "no default export with why, upstream and steps of known kinds",
      next: `write \`export default migration({ why, upstream, steps })\`; kinds are ${kinds.join(", ")}`,
    });
  }
  return { ...source, name, checksum: checksum(source.steps) };
}

function isMigration(value: unknown): value is MigrationSource {
  if (typeof value !== "object" || value === null) return false;
  const { why, upstream, steps } = value as Partial<MigrationSource>;
  return (
    typeof why === "string" &&
    Array.isArray(upstream) &&
    Array.isArray(steps) &&
    steps.length > 0 &&
    steps.every((step) => kinds.includes(step.kind))
  );
}
