/** What the roles of accounts hold, also by roles of their own. */
import type { Db } from "../db/db.ts";
import type { Dialect } from "../dialect/dialect.ts";
import type { Account } from "./account.ts";
import type { Held } from "./held.ts";
import { heldBy, ifReadable } from "./held-by.ts";

/** "hidden" if this account cannot read all of it. */
export async function heldByRolesOf(
  db: Db,
  accounts: readonly Account[],
  { names }: Dialect,
): Promise<Held[] | "hidden"> {
  const held: Held[] = [];
  const seen = [...accounts];
  for (const { user, host } of seen) {
    const roles = await ifReadable(() => db.rows<Account>(names.accountTables.rolesOfRole, [user, host]));
    if (roles === "hidden") return "hidden";
    for (const role of roles) {
      if (seen.some((each) => each.user === role.user && each.host === role.host)) continue;
      // The loop comes to it.
      seen.push(role);
      const holdings = await heldBy(db, role);
      if (holdings === "hidden") return "hidden";
      if (holdings !== "absent") held.push(...holdings.held);
    }
  }
  return held;
}
