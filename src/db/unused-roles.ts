/** Roles that an account has and that its sessions do not use: then their privileges do not count. */
import { type ApplicableRole, setDefaultRole } from "../dialect/unknown-server.ts";
import { ServerError } from "./server-errors.ts";

/** Reads rows of one SELECT: a Db, or a session that has no database. */
type Read = (sql: string) => Promise<readonly object[]>;

/** The statements with which this account makes its later sessions use these roles; it needs no privilege for that. */
export async function statementsForUnusedRoles(read: Read): Promise<string[]> {
  try {
    const held = (await read("SELECT * FROM information_schema.APPLICABLE_ROLES")) as readonly ApplicableRole[];
    const used = (await read("SELECT * FROM information_schema.ENABLED_ROLES")) as readonly ApplicableRole[];
    const isUsed = new Set(used.map(({ ROLE_NAME }) => ROLE_NAME));
    const unused = held.filter(({ ROLE_NAME }) => ROLE_NAME !== null && !isUsed.has(ROLE_NAME));
    return unused.map(setDefaultRole);
  } catch (error) {
    // Without grant tables, or on a server without these views, there is nothing to advise.
    if (error instanceof ServerError) return [];
    throw error;
  }
}
