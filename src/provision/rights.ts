/** The privileges that `provision` needs: it creates databases and accounts, and a locked account that resets them. */
import { formatAccount } from "../access/account.ts";
import { type Privileges, readPrivileges } from "../access/privileges.ts";
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { MigrateError } from "../errors.ts";

/** Throws MISSING_PRIVILEGE with the GRANT that is enough. */
export async function assertMayProvision(db: Db, { account, dialect }: Server): Promise<void> {
  const privileges = await readPrivileges(db);
  const logged = (await areFunctionsLogged(db)) ? privileges.missingGlobally(["SUPER"]) : [];
  const missing = [
    ...privileges.missingToGrant(toGrant(dialect)),
    ...privileges.missingGlobally(["CREATE USER"]),
    ...missingOfAny(privileges, dialect.names.setDefiner),
    ...logged,
  ];
  if (missing.length === 0) return;
  throw new MigrateError("MISSING_PRIVILEGE", "this account lacks privileges to provision test databases", {
    where: account,
    found: `it lacks ${missing.join(", ")}, or the right to grant them`,
    done: "nothing was changed",
    next: [
      `GRANT ${missing.join(", ")} ON *.* TO ${formatAccount(account)} WITH GRANT OPTION;`,
      ...(logged.length === 0 ? [] : ["SET GLOBAL log_bin_trust_function_creators = ON; -- instead of SUPER"]),
    ],
  });
}

// --- internal ---

/** What the accounts of the databases and the locked account get. */
function toGrant({ can, names }: Dialect): string[] {
  return [
    ...names.databasePrivileges,
    "PROCESS",
    names.connectionAdmin,
    ...(can.restrictedSessionVariables ? ["SESSION_VARIABLES_ADMIN"] : []),
  ];
}

/** The first of these if the account has none of them. */
function missingOfAny(privileges: Privileges, enough: readonly string[]): readonly string[] {
  return privileges.missingGlobally(enough).length < enough.length ? [] : enough.slice(0, 1);
}

/** Then only an account with SUPER may create functions and triggers, on both vendors' servers. */
async function areFunctionsLogged(db: Db): Promise<boolean> {
  const [row] = await db.rows<{ needed: number }>(
    "SELECT @@log_bin AND NOT @@log_bin_trust_function_creators AS needed",
  );
  return Number(row?.needed) === 1;
}
