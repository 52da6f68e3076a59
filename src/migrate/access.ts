/** What the account has to be allowed, and the GRANT for what it is not. */
import { type Privileges, readPrivileges } from "../catalog/privileges.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { id, text } from "../sql.ts";

/** What steps and journal need on the whole database; ALTER TABLE asks for CREATE and INSERT too. */
const toChange = ["SELECT", "INSERT", "UPDATE", "CREATE", "ALTER", "INDEX", "REFERENCES"];

/** Throws MISSING_PRIVILEGE where the account may not make the change, which needs `more` beside the usual. */
export async function refuseMissingPrivileges(db: Db, account: string, more: readonly string[] = []): Promise<void> {
  await refuse(db, account, [...toChange, ...more], "this account may not make the change");
}

/** Throws MISSING_PRIVILEGE where the account does not see every table: what it does not see is not absent. */
export async function refuseBlindness(db: Db, account: string): Promise<void> {
  await refuse(
    db,
    account,
    ["SELECT"],
    "this account does not see the whole database, and what it does not see is not absent",
  );
}

async function refuse(db: Db, account: string, wanted: readonly string[], what: string): Promise<void> {
  const privileges = await readPrivileges(db);
  const missing = privileges.missing(wanted);
  if (missing.length === 0) return;
  throw new MigrateError("MISSING_PRIVILEGE", what, {
    where: `${account} on ${db.database}`,
    found: `without ${missing.join(", ")}`,
    done: "nothing was changed",
    next: `GRANT ${missing.join(", ")} ON ${grantTarget(privileges, db.database)}.* TO ${spellAccount(account)};`,
  });
}

/** The entry that the account has already; else the name itself, in which _ and % would be wildcards. */
function grantTarget({ entry, literal }: Privileges, database: string): string {
  return id(entry ?? (literal ? database : database.replaceAll(/[_%]/g, "\\$&")));
}

/** `name@host` as a GRANT has it. An account's name may hold an @; its host does not. */
export function spellAccount(account: string): string {
  const at = account.lastIndexOf("@");
  return at < 0 ? text(account) : `${text(account.slice(0, at))}@${text(account.slice(at + 1))}`;
}
