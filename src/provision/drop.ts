/** The end of databases and contents that are ours. */
import { serverErrorNamed } from "../db/server-errors.ts";
import type { Db } from "../db/db.ts";
import { DEFINER, grantPattern } from "../reset/install.ts";
import { SCHEMA } from "../reset/tables.ts";
import { id, text } from "../sql.ts";
import { type Inventory, readInventory } from "./inventory.ts";
import { begin, finish } from "./ledger.ts";
import { ANY_HOST } from "./names.ts";

/** Drops a database of ours with its account and all that the mark knows of it. */
export async function dropDatabase(db: Db, name: string, account = name, host = ANY_HOST): Promise<void> {
  await begin(db, name);
  await db.run(`DROP DATABASE IF EXISTS ${id(name)}`);
  await db.run(`DROP USER IF EXISTS ${text(account)}@${text(host)}`);
  await revoke(db, name);
  for (const table of ["object", "baseline", "seen_changes", "slow_path"]) {
    await db.run(`DELETE FROM ${SCHEMA}.${table} WHERE db = ?`, [name]);
  }
  await db.run(`DELETE FROM ${SCHEMA}.registered WHERE name = ?`, [name]);
  await finish(db, name);
}

/** Drops what a run that was killed has left. */
export async function dropUnfinished(db: Db, { unfinished, registered }: Inventory): Promise<void> {
  for (const name of unfinished) {
    const { account, host } = registered.get(name) ?? {};
    await dropDatabase(db, name, account, host);
    await dropContent(db, name);
    await db.run(`DELETE FROM ${SCHEMA}.provisioned WHERE content = ?`, [name]);
  }
}

/** Drops contents that `provision` made and no database has any longer. */
export async function dropUnusedContents(db: Db): Promise<void> {
  const { contents, registered } = await readInventory(db);
  const used = new Set([...registered.values()].map(({ content }) => content));
  for (const content of contents.values()) {
    if (used.has(content)) continue;
    await begin(db, content);
    await db.run(`DELETE FROM ${SCHEMA}.provisioned WHERE content = ?`, [content]);
    await dropContent(db, content);
    await db.run(`DROP DATABASE IF EXISTS ${id(content)}`);
    await revoke(db, content);
    await finish(db, content);
  }
}

// --- internal ---

async function dropContent(db: Db, name: string): Promise<void> {
  await db.run(`DELETE FROM ${SCHEMA}.content_object WHERE content = ?`, [name]);
  await db.run(`DELETE FROM ${SCHEMA}.content WHERE id = ?`, [name]);
}

const isNoSuchGrant = serverErrorNamed("ER_NONEXISTING_GRANT");

/** What the locked account might do in a database that is gone. */
async function revoke(db: Db, name: string): Promise<void> {
  try {
    await db.run(`REVOKE ALL PRIVILEGES ON ${grantPattern(name)}.* FROM ${DEFINER}`);
  } catch (error) {
    if (!isNoSuchGrant(error)) throw error;
  }
}
