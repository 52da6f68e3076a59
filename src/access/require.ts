/** What the account has to be allowed, and the GRANT for what it is not. */
import type { Db } from "../db/db.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { MigrateError } from "../errors.ts";
import { id } from "../sql.ts";
import { formatAccount } from "./account.ts";
import { type Privileges, readPrivileges } from "./privileges.ts";

/** What steps and journal need on the whole database; ALTER TABLE asks for CREATE and INSERT too. */
const toChange = ["SELECT", "INSERT", "UPDATE", "CREATE", "ALTER", "INDEX", "REFERENCES"];

/** Throws MISSING_PRIVILEGE where the account may not make the change, which needs `more` beside the usual. */
export async function assertPrivileges(db: Db, account: string, more: readonly string[] = []): Promise<void> {
  await assertNoneMissing(db, account, [...toChange, ...more], "this account may not make the change");
}

/** Throws MISSING_PRIVILEGE where the account does not see every table: what it does not see is not absent. */
export async function assertMaySelect(db: Db, account: string): Promise<void> {
  await assertNoneMissing(
    db,
    account,
    ["SELECT"],
    "this account does not see the whole database, and what it does not see is not absent",
  );
}

/** Throws MISSING_PRIVILEGE where the account may not create anything in the name of one of these, given as `name@host`. */
export async function assertMaySetDefiners(
  db: Db,
  { account, dialect }: { readonly account: string; readonly dialect: Dialect },
  definers: readonly string[],
): Promise<void> {
  const others = [...new Set(definers)].filter((definer) => definer !== account);
  if (others.length === 0) return;
  const enough = ["SET USER", "SET_ANY_DEFINER", "SET_USER_ID", "SUPER"];
  const privileges = await readPrivileges(db);
  if (privileges.missingGlobally(enough).length < enough.length) return;
  throw new MigrateError("MISSING_PRIVILEGE", "this account may not create procedures in the name of another", {
    where: `${account} on ${db.database}`,
    found: `procedures of ${others.join(", ")}`,
    done: "nothing was changed",
    next: `GRANT ${dialect.names.setDefiner} ON *.* TO ${formatAccount(account)};`,
  });
}

/** Throws MISSING_PRIVILEGE where the account has none of these on the whole server. */
export async function assertAnyGlobalPrivilege(db: Db, account: string, enough: readonly string[]): Promise<void> {
  if (enough.length === 0) return;
  const privileges = await readPrivileges(db);
  if (privileges.missingGlobally(enough).length < enough.length) return;
  throw new MigrateError("MISSING_PRIVILEGE", "this account may not make roles", {
    where: account,
    found: `without ${enough.join(" and ")}`,
    done: "nothing was changed",
    next: `GRANT ${enough[0]} ON *.* TO ${formatAccount(account)};`,
  });
}

/** Throws MISSING_PRIVILEGE where the account has not all of these on the whole database; `what` says what for. */
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
    next: `GRANT ${missing.join(", ")} ON ${targetOf(privileges, db.database)}.* TO ${formatAccount(account)};`,
  });
}

/** How a GRANT has to name this database so that it helps this account. */
export async function grantTarget(db: Db): Promise<string> {
  return targetOf(await readPrivileges(db), db.database);
}

/** The entry that the account has already; else the name itself, in which _ and % would be wildcards. */
function targetOf({ entry, literal }: Privileges, database: string): string {
  return id(entry ?? (literal ? database : database.replaceAll(/[_%]/g, "\\$&")));
}
