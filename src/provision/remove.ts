/** The end of provisioned databases. */
import type { Db } from "../db/db.ts";
import { DEFINER } from "../reset/install.ts";
import { SCHEMA } from "../reset/tables.ts";
import { id } from "../sql.ts";
import { dropDatabase, dropUnfinished, dropUnusedContents } from "./drop.ts";
import { readInventory } from "./inventory.ts";
import { createLedger, forgetForm } from "./ledger.ts";
import { assertPrefix, hasPrefix } from "./names.ts";
import { type Connect, openServer } from "./open-server.ts";

export interface RemoveRequest {
  readonly connect: Connect;
  /** Of the names to remove. */
  readonly prefix: string;
  /** Asked before the first change. Throws if the answer is no. */
  readonly confirm: (names: readonly string[]) => Promise<void>;
  readonly report: (line: string) => void;
}

export interface Removed {
  readonly names: readonly string[];
  /** Whether the mark is gone, too: no test database is left on the server. */
  readonly isMarkGone: boolean;
}

/** Drops every registered database of this prefix with its account, and the mark with the last one. */
export async function remove({ confirm, connect, prefix, report }: RemoveRequest): Promise<Removed> {
  assertPrefix(prefix);
  await using open = await openServer(connect, report);
  const { db } = open;
  const before = await readInventory(db);
  if (!before.isMarked) return { names: [], isMarkGone: true };
  const names = [...before.registered.keys()].filter((name) => hasPrefix(prefix, name)).toSorted();
  if (names.length > 0) await confirm(names);
  await createLedger(db);
  await dropUnfinished(db, before);
  for (const name of names) {
    const { account, host } = before.registered.get(name) ?? {};
    await dropDatabase(db, name, account, host);
  }
  await dropUnusedContents(db);
  const isMarkGone = (await readInventory(db)).registered.size === 0;
  if (isMarkGone) {
    // The schema last: with it alone a next run goes on, with the account alone it would refuse. Some servers keep an
    // account while a routine runs as it.
    await forgetForm(db);
    await dropRoutines(db);
    await db.run(`DROP USER IF EXISTS ${DEFINER}`);
    await db.run(`DROP DATABASE IF EXISTS ${SCHEMA}`);
  }
  return { names, isMarkGone };
}

// --- internal ---

async function dropRoutines(db: Db): Promise<void> {
  const routines = await db.rows<{ name: string; kind: string }>(
    "SELECT ROUTINE_NAME AS name, ROUTINE_TYPE AS kind FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?",
    [SCHEMA],
  );
  for (const { kind, name } of routines) await db.run(`DROP ${kind} IF EXISTS ${SCHEMA}.${id(name)}`);
}
