/** The end of databases and contents that are ours. */
import { serverErrorNamed } from "../db/server-errors.ts";
import type { Db } from "../db/db.ts";
import { DEFINER, grantPattern } from "../reset/install.ts";
import { SCHEMA } from "../reset/tables.ts";
import { id, text } from "../sql.ts";
import { type Inventory, readInventory } from "./inventory.ts";
import { begin, finish, forgetForm } from "./ledger.ts";
import { ANY_HOST } from "./names.ts";

/** Drops a database of ours with its account and all that the mark knows of it. */
export async function dropDatabase(db: Db, name: string, account = name, host = ANY_HOST): Promise<void> {
  await begin(db, name);
  await db.run(`DROP DATABASE IF EXISTS ${id(name)}`);
  await db.run(`DROP USER IF EXISTS ${text(account)}@${text(host)}`);
  await revoke(db, name);
  for (const table of ["seen_changes", "object", "baseline", "slow_path"]) await forget(db, table, "db", name);
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

/**
 * Drops the mark, when nothing is registered any longer. The schema goes last: with it alone a next run goes on, with
 * the account alone it would refuse. Some servers keep an account while a routine runs as it.
 */
export async function dropMark(db: Db): Promise<void> {
  await forgetForm(db);
  const routines = await db.rows<{ name: string; kind: string }>(
    "SELECT ROUTINE_NAME AS name, ROUTINE_TYPE AS kind FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?",
    [SCHEMA],
  );
  for (const { kind, name } of routines) await db.run(`DROP ${kind} IF EXISTS ${SCHEMA}.${id(name)}`);
  await db.run(`DROP USER IF EXISTS ${DEFINER}`);
  await db.run(`DROP DATABASE IF EXISTS ${SCHEMA}`);
}

// --- internal ---

/** Deletes from a table of the mark, which an older version of this tool may not have made. */
async function forget(db: Db, table: string, column: string, name: string): Promise<void> {
  const there = "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";
  if ((await db.rows(there, [SCHEMA, table])).length === 0) return;
  await db.run(`DELETE FROM ${SCHEMA}.${table} WHERE ${column} = ?`, [name]);
}

async function dropContent(db: Db, name: string): Promise<void> {
  await forget(db, "content_object", "content", name);
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
