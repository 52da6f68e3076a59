/** The content of a recipe, in a database of its own: base, migrations with their procedures, stories. */
import { loadBase } from "../base/load-base.ts";
import type { Db } from "../db/db.ts";
import { loadSources } from "../facility/load.ts";
import { up } from "../migrate/up.ts";
import { loadProcedures } from "../repeatables/procedures/source.ts";
import { SCHEMA } from "../reset/tables.ts";
import type { Signals } from "../run/run.ts";
import { seed } from "../seed/seed.ts";
import { parseStory } from "../seed/story/parse.ts";
import { type Phase, contentFailure } from "./content-failure.ts";
import type { Recipe } from "./recipe.ts";

/** The work is not interruptible: a half-filled database is thrown away as a whole. */
const never: Signals = { stop: new AbortController().signal, kill: new AbortController().signal };

/** A new session in the database that is filled. */
type Connect = (role?: string) => Promise<Db>;

/** Where contents are made: a database that is dropped when its content is taken. */
export const SOURCE = `${SCHEMA}_source`;

/** Fills `SOURCE`, which exists and is empty. Throws the errors of base, `up` and `seed`, in the words of the recipe. */
export async function fillSource(connect: Connect, recipe: Recipe, report: (line: string) => void): Promise<void> {
  const stories = await Promise.all(recipe.stories.map(parseStory));
  const migrations = await loadSources(recipe.migrations);
  let phase: Phase = "base";
  try {
    {
      await using db = await connect();
      for (const base of recipe.bases) report(`loading the base schema ${base}`);
      await loadBase(db, recipe.bases);
    }
    phase = "up";
    // Whether the server may be changed was asked before it got this database.
    const run = { connect, migrations, signals: never, progress: () => {}, onReplica: true };
    report("applying the migrations");
    await up({ ...run, procedures: await loadProcedures(), repair: false, allowLate: false, confirm: async () => {} });
    if (stories.length === 0) return;
    phase = "seed";
    report(`seeding ${stories.map(({ name }) => name).join(", ")}`);
    await seed({ ...run, stories, uses: new Map(), at: recipe.at, confirm: async () => {} });
  } catch (error) {
    throw contentFailure(error, phase, SOURCE, recipe);
  }
}
