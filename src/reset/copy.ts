/** A copy of a test database as it is now, for a person who wants to look at it. It is not registered, so no reset changes it. */
import type { Db } from "../db/db.ts";
import { id } from "../sql.ts";
import { makeAll } from "./clone.ts";
import { readContent } from "./content.ts";
import { DEFINER, grantPattern } from "./install.ts";
import { withSession } from "./session.ts";

/** Creates `copy` with every object and committed row of `name`. Throws a ServerError if the database `copy` exists. */
export async function copyDatabase(db: Db, name: string, copy: string): Promise<void> {
  const before = db.database;
  // Reads without locks: a transaction that was left open must not block the copy.
  await db.run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  await withSession(db, async () => {
    await db.run(`USE ${id(name)}`);
    try {
      const content = await readContent(db, name);
      await db.run(`CREATE DATABASE ${id(copy)} CHARACTER SET ${content.charset} COLLATE ${content.collation}`);
      await db.run(`GRANT ALL PRIVILEGES ON ${grantPattern(copy)}.* TO ${DEFINER}`);
      await db.run(`USE ${id(copy)}`);
      await makeAll(db, { ...content, id: name }, copy);
    } finally {
      await db.run(`USE ${id(before)}`);
    }
  });
}
