/**
 * What a procedure may do: it runs as its DEFINER, who needs EXECUTE on the procedure itself, too (1370). When it is created,
 * the server grants that to the account that creates it, not to the DEFINER. Both measured on both vendors.
 */
import type { Db } from "../db/db.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { type Account, formatGrantee, parseDefiner } from "./account.ts";
import { type GrantTarget, type Held, entryFor, holds, isExactly, parseHeld } from "./held.ts";
import { heldBy, ifReadable } from "./held-by.ts";
import { grantLines } from "./privileges.ts";
import { heldByRolesOf } from "./roles-of.ts";

export interface Need {
  readonly privilege: string;
  readonly on: GrantTarget;
}

export interface DefinerRights {
  /** Those that it certainly lacks: a privilege on some columns may be enough. */
  lacks(needs: readonly Need[]): Need[];
  /** The spelling of this database with which a GRANT helps it. */
  readonly entry: string | undefined;
}

/** `definer` is `name@host`; `account` is this session's. "absent": every call of its procedures fails (1449). */
export async function readDefinerRights(
  db: Db,
  definer: string,
  { account, dialect }: { readonly account: string; readonly dialect: Dialect },
): Promise<DefinerRights | "absent" | "hidden"> {
  const who = parseDefiner(definer);
  // The session of a server that checks no privileges.
  if (who.user === "" && who.host === "") return { lacks: () => [], entry: undefined };
  const own = await heldBy(db, who);
  if (typeof own === "string") return own;
  const byRoles = await (definer === account ? ownByRoles(db, dialect) : byRolesOf(db, who, dialect));
  if (byRoles === "hidden") return "hidden";
  const held = [...own.held, ...byRoles, ...(await ofEveryone(db, dialect))];
  return {
    lacks: (needs) =>
      needs.filter(
        ({ privilege, on }) =>
          !holds(held, privilege, on, db.database) &&
          !held.some((each) => each.onColumns.includes(privilege) && isExactly(each, on, db.database)),
      ),
    entry: entryFor(own.held, db.database),
  };
}

// --- internal ---

async function ofEveryone(db: Db, { names }: Dialect): Promise<Held[]> {
  const { ofEveryone: statement } = names.accountTables;
  if (statement === undefined) return [];
  // A server from before PUBLIC refuses the name.
  const lines = await ifReadable(() => grantLines(db, statement));
  return lines === "hidden" ? [] : parseHeld(lines);
}

async function ownByRoles(db: Db, { names }: Dialect): Promise<Held[]> {
  const { ownRolesOfDefiner } = names.accountTables;
  if (ownRolesOfDefiner === undefined) return [];
  const roles = await db.rows<Account>(ownRolesOfDefiner);
  if (roles.length === 0) return [];
  const list = roles.map(({ user, host }) => formatGrantee(user, host)).join(", ");
  return parseHeld(await grantLines(db, `SHOW GRANTS FOR CURRENT_USER() USING ${list}`));
}

async function byRolesOf(db: Db, { user, host }: Account, dialect: Dialect): Promise<Held[] | "hidden"> {
  const { rolesOfDefiner } = dialect.names.accountTables;
  if (rolesOfDefiner === undefined) return [];
  const roles = await ifReadable(() => db.rows<Account>(rolesOfDefiner, [user, host]));
  if (roles === "hidden") return "hidden";
  const held: Held[] = [];
  for (const role of roles) {
    const holdings = await heldBy(db, role);
    if (holdings === "hidden") return "hidden";
    if (holdings !== "absent") held.push(...holdings.held);
  }
  const more = await heldByRolesOf(db, roles, dialect);
  return more === "hidden" ? "hidden" : [...held, ...more];
}
