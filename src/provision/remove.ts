/** The end of provisioned databases. */
import { markingChanges } from "../db/after-changes.ts";
import type { Db } from "../db/db.ts";
import { hint } from "../hint.ts";
import { dropDatabase, dropMark, dropUnfinished, dropUnusedContents } from "./drop.ts";
import { type Inventory, readInventory } from "./inventory.ts";
import { createLedger } from "./ledger.ts";
import { assertPrefix, hasPrefix } from "./names.ts";
import { type Opening, openServer } from "./open-server.ts";

export interface RemoveRequest extends Opening {
  /** Of the names to remove. */
  readonly prefix: string;
  /** Asked before the first change. Throws if the answer is no. */
  readonly confirm: (names: readonly string[]) => Promise<void>;
}

export interface Removed {
  readonly names: readonly string[];
  /** Whether the mark is gone, too: no test database is left on the server. */
  readonly isMarkGone: boolean;
}

/** Drops every registered database of this prefix with its account, and the mark with the last one. */
export async function remove(request: RemoveRequest): Promise<Removed> {
  const { confirm, prefix } = request;
  assertPrefix(prefix);
  await using open = await openServer(request, hint("provision", { args: ["remove"] }));
  const { db } = open;
  const before = await readInventory(db);
  if (!before.isMarked) return { names: [], isMarkGone: true };
  const names = [...before.registered.keys()].filter((name) => hasPrefix(prefix, name)).toSorted();
  if (names.length > 0) await confirm(names);
  const isMarkGone = await markingChanges({ begun: true }, () => removeAll(db, before, names));
  return { names, isMarkGone };
}

// --- internal ---

/** Returns whether the mark is gone, too. */
async function removeAll(db: Db, before: Inventory, names: readonly string[]): Promise<boolean> {
  await createLedger(db);
  await dropUnfinished(db, before);
  for (const name of names) {
    const { account, host } = before.registered.get(name) ?? {};
    await dropDatabase(db, name, account, host);
  }
  await dropUnusedContents(db);
  const isMarkGone = (await readInventory(db)).registered.size === 0;
  if (isMarkGone) await dropMark(db);
  return isMarkGone;
}
