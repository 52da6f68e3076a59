import { readFileSync } from "node:fs";
import { ownBases } from "../own-files.ts";
import type { OwnBase } from "./base.ts";

/**
 * The CREATE TABLE of this table in a small schema of this package; undefined if it has none. Its foreign keys have no
 * names: another table may have kept them.
 */
export function createStatement(base: OwnBase, table: string): string | undefined {
  const text = readFileSync(new URL(`${base}.sql`, ownBases), "utf8");
  const create = new RegExp(`^CREATE TABLE ${table} \\([^;]*;`, "m").exec(text)?.[0];
  return create?.replaceAll(/CONSTRAINT \w+ FOREIGN KEY/g, "FOREIGN KEY");
}
