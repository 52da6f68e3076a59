/** The content of a recipe on a server that has nothing yet: the pristine copy, and the first worker's database. */
import { connect } from "../db/connect.ts";
import { toOwnServer } from "../db/db.ts";
import { withCircumstances } from "../db/server-errors.ts";
import { takePristine } from "../reset/content.ts";
import { installReset } from "../reset/install.ts";
import type { RunningServer } from "../server/provider.ts";
import { SOURCE, fillSource } from "./content.ts";
import type { Recipe } from "./recipe.ts";
import { createDatabase } from "./worker-databases.ts";

/** Throws what the content throws. */
export function fillServer(server: RunningServer, recipe: Recipe, report: (line: string) => void): Promise<void> {
  return withCircumstances(
    () => ({
      done: "the test database could not be made, and nothing of it is left",
      next: ["look for a full disk or a lack of memory, and retry; report the statement if it is refused again"],
    }),
    () => fill(server, recipe, report),
  );
}

// --- internal ---

async function fill(
  { host, port, user, password }: RunningServer,
  recipe: Recipe,
  report: (line: string) => void,
): Promise<void> {
  const root = { host, port, user, password, ...toOwnServer } as const;
  await using db = await connect({ ...root, database: "information_schema" });
  // The charset of the official schema's own script.
  await db.run(`CREATE DATABASE ${SOURCE} CHARACTER SET latin1`);
  await fillSource((role) => connect({ ...root, database: SOURCE }, role), recipe, report);
  await installReset(db);
  const content = await takePristine(db, SOURCE);
  await db.run(`DROP DATABASE ${SOURCE}`);
  await createDatabase(db, content, 1);
}
