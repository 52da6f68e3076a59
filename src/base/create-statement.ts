/** Statements for a table or column of every ISPyB that a database lacks, as a small schema of this package has it. */
import { readFileSync } from "node:fs";
import { ownBases } from "../own-files.ts";
import { id } from "../sql.ts";
import type { OwnBase } from "./base.ts";

/**
 * The CREATE TABLE of this table; undefined if the schema has none. Its foreign keys have no names: another table may
 * have kept them.
 */
export function createStatement(base: OwnBase, table: string): string | undefined {
  const text = readFileSync(new URL(`${base}.sql`, ownBases), "utf8");
  const create = new RegExp(`^CREATE TABLE ${table} \\([^;]*;`, "m").exec(text)?.[0];
  return create?.replaceAll(/CONSTRAINT \w+ FOREIGN KEY/g, "FOREIGN KEY");
}

/** The definition of each column of this table by its name; none if the schema has no such table. */
export function columnDefinitions(base: OwnBase, table: string): ReadonlyMap<string, string> {
  const lines = createStatement(base, table)?.matchAll(/^  (?!KEY |UNIQUE )(\w+) ([a-z].*?),?$/gm) ?? [];
  return new Map([...lines].map(([, name = "", definition = ""]) => [name, definition]));
}

/** The statement that adds this column; undefined if the schema has none, or if it has to come with a key. */
export function addStatement(base: OwnBase, table: string, column: string): string | undefined {
  const definition = columnDefinitions(base, table).get(column);
  if (definition === undefined || definition.includes("AUTO_INCREMENT")) return undefined;
  return `ALTER TABLE ${id(table)} ADD COLUMN ${id(column)} ${definition};`;
}
