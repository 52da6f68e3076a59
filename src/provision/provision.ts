/** Test databases on an existing server: the content of a sandbox, as databases with accounts of their own. */
import { markingChanges } from "../db/after-changes.ts";
import type { Db } from "../db/db.ts";
import { hint } from "../hint.ts";
import type { TestDatabase } from "../sandbox/account.ts";
import { SOURCE } from "../sandbox/content.ts";
import { type Recipe, fingerprint as fingerprintOf } from "../sandbox/recipe.ts";
import { dropUnfinished, dropUnusedContents } from "./drop.ts";
import { assertOwnForm, hasOwnTables, installMark } from "./form.ts";
import { assertFree, readInventory } from "./inventory.ts";
import { makeContent, storedContent } from "./make-content.ts";
import { type Treatment, makeDatabase, treatmentOf } from "./make-database.ts";
import { databaseNames } from "./names.ts";
import { type Opening, openServer } from "./open-server.ts";

export interface ProvisionRequest extends Opening {
  /** Where clients find the server, for the URLs. */
  readonly place: { readonly host: string; readonly port: number };
  /** What the names of the databases begin with: `ispyb` for `ispyb_1`. */
  readonly prefix: string;
  readonly workers: number;
  readonly recipe: Recipe;
  /** Asked before the first change, if these databases would lose their content. Throws if the answer is no. */
  readonly confirm: (replaced: readonly string[]) => Promise<void>;
}

export interface Provisioned {
  /** Product and version. */
  readonly server: string;
  readonly databases: readonly (TestDatabase & { readonly treatment: Treatment })[];
}

/**
 * Provisions a server, or resets what an earlier call with the same content has made. Throws CONFLICT for a name that
 * is taken by something else; after any other error the next call goes on.
 */
export async function provision(request: ProvisionRequest): Promise<Provisioned> {
  const { confirm, prefix, recipe, workers } = request;
  const names = databaseNames(prefix, workers);
  await using open = await openServer(request, hint("provision"));
  const { db, server } = open;
  const fingerprint = await fingerprintOf(recipe, [server.dialect.product]);
  const before = await readInventory(db);
  await assertFree(db, before, [...names, SOURCE]);
  assertOwnForm(before, prefix);
  const known = hasOwnTables(before) ? before.contents.get(fingerprint) : undefined;
  const treatments = new Map<string, Treatment>();
  for (const name of names) treatments.set(name, await treatmentOf(db, before, name, known));
  // Tables of another version go with everything that they register.
  const replaced = hasOwnTables(before)
    ? names.filter((name) => treatments.get(name) === "replaced")
    : [...before.registered.keys()].toSorted();
  if (replaced.length > 0) await confirm(replaced);

  const databases = await markingChanges({ begun: true }, async () => {
    await installMark(db, before);
    return await makeAll(db, { ...request, fingerprint, treatments });
  });
  return { server: server.dialect.product, databases };
}

// --- internal ---

interface Making extends Pick<ProvisionRequest, "connect" | "place" | "recipe" | "report"> {
  readonly fingerprint: string;
  readonly treatments: ReadonlyMap<string, Treatment>;
}

async function makeAll(
  db: Db,
  { connect, fingerprint, place, recipe, report, treatments }: Making,
): Promise<Provisioned["databases"]> {
  const marked = await readInventory(db);
  await dropUnfinished(db, marked);
  const content =
    (await storedContent(db, fingerprint)) ?? (await makeContent(db, { connect, fingerprint, recipe, report }));
  const databases: Provisioned["databases"][number][] = [];
  for (const [name, treatment] of treatments) {
    const own = marked.unfinished.has(name) ? undefined : marked.registered.get(name);
    databases.push({ ...(await makeDatabase(db, content, { name, treatment, own }, place)), treatment });
  }
  await dropUnusedContents(db);
  return databases;
}
