/**
 * The file that wrote the rows of a story. Two files may have the same name in different folders: the second must not
 * change the rows of the first.
 */
import type { Db } from "../../db/db.ts";
import { MigrateError } from "../../errors.ts";
import { hint } from "../../hint.ts";
import { existingToolTables, readToolRows, seedTable } from "../../state/tables.ts";
import type { BoundStory } from "./bind.ts";
import { ORIGIN, forgetSeededRows, writeSeededRow } from "./seeded-rows.ts";

/** Undefined if it is not recorded. */
export async function readOrigin(db: Db, story: string): Promise<string | undefined> {
  if (!(await existingToolTables(db)).has(seedTable)) return undefined;
  const [row] = await readToolRows<{ written: string }>(db, seedTable, "written", "WHERE story = ? AND label = ?", [
    story,
    ORIGIN,
  ]);
  return row === undefined ? undefined : (JSON.parse(row.written) as { readonly file: string }).file;
}

export function writeOrigin(db: Db, { at, name, origin }: BoundStory): Promise<void> {
  return writeSeededRow(db, name, { label: ORIGIN, table: "", rowId: null, written: { file: origin }, at });
}

export function forgetOrigin(db: Db, story: string): Promise<void> {
  return forgetSeededRows(db, story, [ORIGIN]);
}

export function writtenFromElsewhere(db: Db, { name, origin }: BoundStory, before: string): MigrateError {
  return new MigrateError("CONFLICT", `the rows of story ${name} were written from another file of this name`, {
    where: db.database,
    found: [`the rows were written from ${before}`, `this file is ${origin}`],
    wanted: "the file that wrote these rows: a different file of this name would overwrite them",
    done: "no row was written",
    next: [
      `if this is another story, rename this file, or add a line \`name: NAME\` to it`,
      `if this is the same story in another place, add a line \`name: ${name}\` to it`,
      hint("seed", { args: ["remove", name], note: "or this: deletes those rows; then seed this file again" }),
    ],
  });
}
