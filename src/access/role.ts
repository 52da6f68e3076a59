/** The privileges of a role in one database, as far as this account can see them. */
import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { id } from "../sql.ts";
import { parseDefiner } from "./account.ts";
import { type GrantTarget, type Held, holds, isExactly, namesPrivilege } from "./held.ts";
import { heldBy } from "./held-by.ts";
import { heldByRolesOf } from "./roles-of.ts";

export interface Role {
  /** Whether it has this privilege here, by any GRANT. */
  has(privilege: string, on: GrantTarget): boolean;
  /** Whether it has the privilege by a GRANT on exactly this table or procedure. */
  holds(privilege: string, on: GrantTarget): boolean;
  /** The number of privileges beyond these: 0 if the role is empty without them. */
  beyond(given: readonly { readonly privilege: string; readonly on: GrantTarget }[]): number;
}

/** The role, formatted for statements. */
export function formatRole(name: string, { names }: Dialect): string {
  return `${id(name)}${names.roleHost}`;
}

/** The role, "absent", or "hidden" if the server does not show it to this account. A user of that name is no role. */
export async function readRole(db: Db, name: string, dialect: Dialect): Promise<Role | "absent" | "hidden" | "user"> {
  const own = { user: name, host: dialect.names.roleHost === "" ? "" : "%" };
  const holdings = await heldBy(db, own);
  if (typeof holdings === "string") return holdings;
  if (await isUser(db, name, dialect)) return "user";
  // SHOW GRANTS shows what the roles of a role hold, where the server has it so; the tables do not.
  const more = holdings.complete ? [] : await heldByRolesOf(db, [own], dialect);
  return more === "hidden" ? "hidden" : roleOf([...holdings.held, ...more], db.database, holdings.complete);
}

/** Whether this account, `name@host`, exists; undefined if the server does not show it. */
export async function isAccount(db: Db, account: string): Promise<boolean | undefined> {
  const holdings = await heldBy(db, parseDefiner(account));
  return holdings === "hidden" ? undefined : holdings !== "absent";
}

/** Whether the role is granted beyond its creator; true if this account cannot see that. */
export async function isUsed(db: Db, name: string, { names }: Dialect): Promise<boolean> {
  const members = await count(db, names.roleMembers, [name]).catch(() => undefined);
  return members === undefined || members > 0;
}

// --- internal ---

async function isUser(db: Db, name: string, { names }: Dialect): Promise<boolean> {
  return (await count(db, names.usersNamed, [name]).catch(() => 0)) > 0;
}

function roleOf(held: readonly Held[], database: string, isComplete: boolean): Role {
  const granted = held.filter(({ verb }) => verb === "GRANT");
  const has = (each: Held, privilege: string, on: GrantTarget) =>
    isExactly(each, on, database) && namesPrivilege(each.privileges, privilege);
  return {
    holds: (privilege, on) => granted.some((each) => has(each, privilege, on)),
    has: (privilege, on) => holds(held, privilege, on, database),
    beyond: (given) =>
      isComplete
        ? granted.flatMap((each) =>
            each.privileges.filter(
              (privilege) =>
                !given.some(({ on, privilege: one }) => one === privilege && isExactly(each, on, database)),
            ),
          ).length
        : Number.POSITIVE_INFINITY,
  };
}
