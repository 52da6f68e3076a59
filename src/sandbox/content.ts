/** Fills a database with the content of a recipe: base, migrations with their procedures, stories. */
import { loadBase } from "../base/load-base.ts";
import type { Db } from "../db/db.ts";
import { up } from "../migrate/up.ts";
import { loadMigrations } from "../plan/load-migrations.ts";
import { loadProcedures } from "../repeatables/procedures/source.ts";
import type { Signals } from "../run/run.ts";
import { seed } from "../seed/seed.ts";
import { parseStory } from "../seed/story/parse.ts";
import type { Recipe } from "./recipe.ts";

/** The work is not interruptible: a half-filled database is thrown away as a whole. */
const never: Signals = { stop: new AbortController().signal, kill: new AbortController().signal };

/** A new session in the database that is filled. */
type Connect = (role?: string) => Promise<Db>;

/** Fills an existing, empty database. Throws the errors of base, `up` and `seed`. */
export async function fillDatabase(connect: Connect, recipe: Recipe, report: (line: string) => void): Promise<void> {
  const stories = await Promise.all(recipe.stories.map(parseStory));
  {
    await using db = await connect();
    for (const base of recipe.bases) report(`loading the base schema ${base}`);
    await loadBase(db, recipe.bases);
  }
  const migrations = await loadMigrations();
  // Whether the server may be changed was asked before it got this database.
  const run = { connect, migrations, signals: never, progress: () => {}, onReplica: true };
  report("applying the migrations");
  await up({ ...run, procedures: await loadProcedures(), repair: false, allowLate: false, confirm: async () => {} });
  if (stories.length === 0) return;
  report(`seeding ${stories.map(({ name }) => name).join(", ")}`);
  await seed({ ...run, stories, uses: new Map(), at: recipe.at, confirm: async () => {} });
}
