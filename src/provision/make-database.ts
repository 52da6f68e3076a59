/** One provisioned database with its account. */
import type { Db } from "../db/db.ts";
import { cloneDatabase } from "../reset/clone.ts";
import type { Content } from "../reset/content.ts";
import { type TestDatabase, newPassword, urlOf } from "../sandbox/account.ts";
import { restore } from "../sandbox/reset-sandbox.ts";
import { id, text } from "../sql.ts";
import { dropDatabase } from "./drop.ts";
import type { Inventory } from "./inventory.ts";
import { begin, finish } from "./ledger.ts";
import { ANY_HOST } from "./names.ts";

/** What happened to a database: it was created, an empty one got its content, it was reset, or its content was replaced. */
export type Treatment = "created" | "filled" | "reset" | "replaced";

/** What will happen to this database, for a run that wants `content`. */
export async function treatmentOf(
  db: Db,
  { databases, registered, unfinished }: Inventory,
  name: string,
  content: string | undefined,
): Promise<Treatment> {
  const own = registered.get(name);
  // What is not finished is dropped first.
  if (unfinished.has(name) || !databases.has(name)) return "created";
  // An empty one: no other passes the check of the names.
  if (own === undefined) return "filled";
  if (own.content !== content) return "replaced";
  return (await hasAccount(db, own.account, own.host)) ? "reset" : "replaced";
}

/** Makes the database what it shall be, and gives its account a new password: the old one is not kept anywhere. */
export async function makeDatabase(
  db: Db,
  content: Content,
  { name, treatment, own }: { name: string; treatment: Treatment; own: { account: string; host: string } | undefined },
  place: { readonly host: string; readonly port: number },
): Promise<TestDatabase> {
  const account = { user: treatment === "reset" ? (own?.account ?? name) : name, password: newPassword() };
  const spelled = `${text(account.user)}@${text(own?.host ?? ANY_HOST)}`;
  if (treatment === "reset") await restore(db, name);
  else await make(db, content, name, own);
  await db.run(`ALTER USER ${spelled} IDENTIFIED BY ${text(account.password)} ACCOUNT UNLOCK`);
  return { name, ...account, url: urlOf(place, account, name) };
}

// --- internal ---

async function hasAccount(db: Db, user: string, host: string): Promise<boolean> {
  return (await db.rows("SELECT 1 FROM mysql.user WHERE User = ? AND Host = ?", [user, host])).length > 0;
}

async function make(
  db: Db,
  content: Content,
  name: string,
  own: { account: string; host: string } | undefined,
): Promise<void> {
  if (own !== undefined) await dropDatabase(db, name, own.account, own.host);
  await db.run(`CREATE DATABASE IF NOT EXISTS ${id(name)}`);
  await begin(db, name);
  await db.run(`CREATE USER ${text(name)}@${text(ANY_HOST)} IDENTIFIED BY ${text(newPassword())} ACCOUNT LOCK`);
  await cloneDatabase(db, content, { name, account: name, host: ANY_HOST });
  await finish(db, name);
}
