import { readPrivileges } from "../access/privileges.ts";
import type { Server } from "../catalog/server.ts";
import { formatNode } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import type { Next } from "../hint.ts";

/**
 * Throws MISSING_PRIVILEGE on a server that runs with --skip-grant-tables: it has no accounts, so procedures would get an
 * empty DEFINER, and calls of them would fail later.
 */
export async function assertPrivilegesAreChecked(db: Db, { node }: Server, retry: Next): Promise<void> {
  if (!(await readPrivileges(db)).unchecked) return;
  throw new MigrateError("MISSING_PRIVILEGE", "this server checks no privileges: it runs with --skip-grant-tables", {
    where: formatNode(node),
    found: "sessions without an account: procedures would have no DEFINER, and no role could get privileges",
    done: "nothing was changed",
    next: ["FLUSH PRIVILEGES;   -- or start the server without --skip-grant-tables", retry],
  });
}
