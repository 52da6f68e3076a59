/** The privileges that statements need for the accounts that they name: DEFINERs, and accounts that get privileges. */
import { unlessRefused } from "../db/server-errors.ts";
import type { Db } from "../db/db.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { MigrateError } from "../errors.ts";
import type { Next } from "../hint.ts";
import { formatAccount } from "./account.ts";
import { type Privileges, readPrivileges } from "./privileges.ts";
import { isAccount } from "./role.ts";

/** Accounts as `name@host`. */
export interface NamedAccounts {
  /** DEFINERs of what is created. */
  readonly definers?: readonly string[];
  /** DEFINERs of what is dropped. */
  readonly dropped?: readonly string[];
  /** Those that get privileges on what is created. */
  readonly grantees?: readonly string[];
}

interface Who {
  readonly account: string;
  readonly dialect: Dialect;
}

/**
 * Throws MISSING_PRIVILEGE if the account cannot create, drop and grant what names these accounts. `others` are the ways
 * out besides the GRANT.
 */
export async function assertMayName(
  db: Db,
  { account, dialect }: Who,
  named: readonly NamedAccounts[],
  others: readonly Next[] = [],
): Promise<void> {
  const foreign = (part: keyof NamedAccounts) =>
    [...new Set(named.flatMap((each) => each[part] ?? []))].filter((each) => each !== account);
  const [definers, dropped, grantees] = [foreign("definers"), foreign("dropped"), foreign("grantees")];
  if (definers.length + dropped.length + grantees.length === 0) return;
  const privileges = await readPrivileges(db);
  const lacks = (enough: readonly string[]) =>
    enough.length > 0 && privileges.missingGlobally(enough).length === enough.length;
  const { setDefiner, setMissingDefiner } = dialect.names;
  const set = definers.length > 0 && lacks(setDefiner);
  const gone = lacks(setMissingDefiner) ? await missingAccounts(db, definers) : [];
  const { system, unseen } = await systemUsersAmong(db, dialect, privileges, {
    holders: [...new Set([...definers, ...dropped])],
    grantees,
  });
  const missing = [
    ...(set ? setDefiner.slice(0, 1) : []),
    ...(gone.length > 0 ? setMissingDefiner.slice(0, 1) : []),
    ...(system.length > 0 ? [SYSTEM_USER] : []),
  ];
  if (missing.length === 0 && unseen.length === 0) return;
  throw new MigrateError("MISSING_PRIVILEGE", headline({ set, gone, system }), {
    where: `${account} on ${db.database}`,
    found: [
      ...(set ? [`procedures of ${definers.join(", ")}`] : []),
      ...gone.map(
        (each) => `account ${each} does not exist: only ${setMissingDefiner.join(" or ")} creates a procedure of it`,
      ),
      ...system.map(
        (each) => `${each} has ${SYSTEM_USER}: only accounts with it drop or create its procedures, or grant to it`,
      ),
      ...unseen.map((each) => `this account cannot see whether ${each} has ${SYSTEM_USER}`),
    ],
    done: "nothing was changed",
    next: [
      ...(missing.length === 0 ? [] : [`GRANT ${missing.join(", ")} ON *.* TO ${formatAccount(account)};`]),
      ...(unseen.length === 0
        ? []
        : (dialect.names.systemUsers?.tables ?? []).map(
            (table) => `GRANT SELECT ON ${table} TO ${formatAccount(account)};`,
          )),
      ...others,
    ],
  });
}

// --- internal ---

const SYSTEM_USER = "SYSTEM_USER";

interface Reasons {
  readonly set: boolean;
  readonly gone: readonly string[];
  readonly system: readonly string[];
}

function headline({ set, gone, system }: Reasons): string {
  if (system.length > 0) return `this account cannot replace procedures of ${system.join(", ")}`;
  if (set) return "this account cannot create procedures with another definer";
  if (gone.length > 0) return `this account cannot create procedures of ${gone.join(", ")}`;
  return "this account cannot see whether it may replace procedures of other accounts";
}

/** Those that certainly do not exist. */
async function missingAccounts(db: Db, accounts: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const each of accounts) if ((await isAccount(db, each)) === false) missing.push(each);
  return missing;
}

/** Which of them only an account of their kind may touch, or which of them this account cannot judge. */
async function systemUsersAmong(
  db: Db,
  { names }: Dialect,
  privileges: Privileges,
  { holders, grantees }: { readonly holders: readonly string[]; readonly grantees: readonly string[] },
): Promise<{ system: string[]; unseen: readonly string[] }> {
  const all = [...new Set([...holders, ...grantees])];
  if (names.systemUsers === undefined || all.length === 0) return { system: [], unseen: [] };
  if (privileges.missingGlobally([SYSTEM_USER]).length === 0) return { system: [], unseen: [] };
  const rows = await unlessRefused(db.rows<{ account: string; own: number | string }>(names.systemUsers.query));
  if (rows === undefined) return { system: [], unseen: all };
  const isHolder = new Set(rows.map(({ account }) => account));
  const isDirect = new Set(rows.filter(({ own }) => Number(own) === 1).map(({ account }) => account));
  return {
    system: all.filter(
      (each) => (holders.includes(each) && isHolder.has(each)) || (grantees.includes(each) && isDirect.has(each)),
    ),
    unseen: [],
  };
}
