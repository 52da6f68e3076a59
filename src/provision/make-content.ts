/** A content on this server: made once in a database of its own, which is dropped afterwards. */
import type { Db } from "../db/db.ts";
import { type Content, freePristineName, readStoredContent, takePristine } from "../reset/content.ts";
import { SOURCE, fillSource } from "../sandbox/content.ts";
import type { Recipe } from "../sandbox/recipe.ts";
import { id } from "../sql.ts";
import { dropDatabase } from "./drop.ts";
import { assertFree, readInventory } from "./inventory.ts";
import { begin, finish, rememberContent } from "./ledger.ts";
import type { Connect } from "./open-server.ts";

interface Wanted {
  readonly recipe: Recipe;
  readonly fingerprint: string;
  readonly connect: Connect;
  readonly report: (line: string) => void;
}

/** The content of this fingerprint if the server has it. */
export async function storedContent(db: Db, fingerprint: string): Promise<Content | undefined> {
  const stored = (await readInventory(db)).contents.get(fingerprint);
  return stored === undefined ? undefined : await readStoredContent(db, stored);
}

/** Throws what base, `up` and `seed` throw; then the source is gone again. */
export async function makeContent(db: Db, { connect, fingerprint, recipe, report }: Wanted): Promise<Content> {
  await assertFree(db, await readInventory(db), [SOURCE]);
  // The charset of the official schema's own script.
  await db.run(`CREATE DATABASE IF NOT EXISTS ${id(SOURCE)} CHARACTER SET latin1`);
  await begin(db, SOURCE);
  try {
    await fillSource((role = "main") => connect(role, SOURCE), recipe, report);
    const pristine = await freePristineName(db);
    await begin(db, pristine);
    const content = await takePristine(db, SOURCE);
    await rememberContent(db, fingerprint, content.id);
    await finish(db, content.id);
    await dropDatabase(db, SOURCE);
    return content;
  } catch (error) {
    // If the session is lost, the next run drops it.
    await dropDatabase(db, SOURCE).catch(() => {});
    throw error;
  }
}
