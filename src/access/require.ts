/** Checks the privileges of the account; an error has the missing GRANT. */
import type { Db } from "../db/db.ts";
import { statementsForUnusedRoles } from "../db/unused-roles.ts";
import { MigrateError } from "../errors.ts";
import { id } from "../sql.ts";
import { formatAccount } from "./account.ts";
import { type Privileges, readPrivileges } from "./privileges.ts";

/** Privileges that steps and journal need on the whole database; ALTER TABLE also requires CREATE and INSERT. */
const toChange = ["SELECT", "INSERT", "UPDATE", "CREATE", "ALTER", "INDEX", "REFERENCES"];

/** Throws MISSING_PRIVILEGE if the account lacks a privilege for a change; `more` are needed beyond the usual ones. */
export async function assertPrivileges(db: Db, account: string, more: readonly string[] = []): Promise<void> {
  await assertNoneMissing(db, account, [...toChange, ...more], "this account lacks privileges for the change");
}

/** Throws MISSING_PRIVILEGE if the account cannot see every table: an invisible table is not absent. */
export async function assertMaySelect(db: Db, account: string): Promise<void> {
  await assertNoneMissing(db, account, ["SELECT"], "this account cannot see the whole database");
}

/** Throws MISSING_PRIVILEGE if the account has none of these on the whole server; `what` is the message. */
export async function assertAnyGlobalPrivilege(
  db: Db,
  account: string,
  enough: readonly string[],
  what: string,
): Promise<void> {
  if (enough.length === 0) return;
  const names = [...new Set(enough)];
  const privileges = await readPrivileges(db);
  if (privileges.missingGlobally(names).length < names.length) return;
  throw new MigrateError("MISSING_PRIVILEGE", what, {
    where: account,
    found: `without ${names.join(" or ")}${names.length === 1 ? "" : " (one is enough)"}`,
    done: "nothing was changed",
    next: `GRANT ${names[0]} ON *.* TO ${formatAccount(account)};`,
  });
}

/** Throws MISSING_PRIVILEGE if the account lacks one of these on the whole database; `what` is the message. */
export async function assertNoneMissing(
  db: Db,
  account: string,
  wanted: readonly string[],
  what: string,
): Promise<void> {
  const privileges = await readPrivileges(db);
  const missing = privileges.missing(wanted);
  if (missing.length === 0) return;
  throw new MigrateError("MISSING_PRIVILEGE", what, {
    where: `${account} on ${db.database}`,
    found: `without ${missing.join(", ")}`,
    done: "nothing was changed",
    next: [
      `GRANT ${missing.join(", ")} ON ${targetOf(privileges, db.database)}.* TO ${formatAccount(account)};`,
      ...(await statementsForUnusedRoles((sql) => db.rows(sql))).map(
        (statement) => `${statement};   -- or, as this account: it has this role, and does not use it`,
      ),
    ],
  });
}

/** The spelling of this database with which a GRANT helps this account. */
export async function grantTarget(db: Db): Promise<string> {
  return targetOf(await readPrivileges(db), db.database);
}

/** The same for an account that has this entry. */
export async function spellDatabase(db: Db, entry: string | undefined): Promise<string> {
  const { literal } = await readPrivileges(db);
  return targetOf({ literal, ...(entry === undefined ? {} : { entry }) }, db.database);
}

/** The entry that the account already has; otherwise the name, with _ and % escaped. */
function targetOf({ entry, literal }: Pick<Privileges, "entry" | "literal">, database: string): string {
  return id(entry ?? (literal ? database : database.replaceAll(/[_%]/g, "\\$&")));
}
