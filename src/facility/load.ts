/** Our migrations, and after them those of the facility: theirs may build on ours, and ours know nothing of theirs. */
import { type Migration, loadMigrations, migrationFrom } from "../plan/load-migrations.ts";
import { nameIn } from "../state/migration-names.ts";
import { type MigrationFile, readFolder } from "./folder.ts";
import { type Source, readSources } from "./sources.ts";

/**
 * Every migration of a run: ours, then those of each `--migrations NAME=DIR` in the order of their names. `cwd` is where
 * relative folders begin. Throws USAGE and CONFIGURATION.
 */
export function loadAllMigrations(given: readonly string[] = [], cwd = "."): Promise<Migration[]> {
  return loadSources(readSources(given, cwd));
}

export async function loadSources(sources: readonly Source[]): Promise<Migration[]> {
  const all = await loadMigrations();
  for (const source of sources) all.push(...(await loadSource(source)));
  return all;
}

// --- internal ---

async function loadSource(source: Source): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const file of await readFolder(source)) migrations.push(await loadOne(source, file));
  return migrations;
}

async function loadOne(source: Source, file: MigrationFile): Promise<Migration> {
  const name = nameIn(source.name, file.name);
  const written = await (file.extension === "sql" ? sqlOf(file) : exportOf(file));
  return { ...migrationFrom(written, name, file.path), file: file.path };
}

// Loaded on demand: most runs have no such file.

async function sqlOf(file: MigrationFile): Promise<unknown> {
  const { readSqlFile } = await import("./read-sql.ts");
  return readSqlFile(file, file.back);
}

async function exportOf(file: MigrationFile): Promise<unknown> {
  const { importFile } = await import("./import-file.ts");
  return importFile(file);
}
