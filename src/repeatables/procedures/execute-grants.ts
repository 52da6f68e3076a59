/** Grants on a procedure: MySQL drops them with the procedure, so they have to be granted again. */
import { formatGrantee } from "../../access/account.ts";
import type { Db } from "../../db/db.ts";
import { id } from "../../sql.ts";
import type { Statement } from "../../steps/contract.ts";

export interface ProcedureGrant {
  readonly user: string;
  readonly host: string;
  readonly privileges: readonly string[];
  readonly grantOption: boolean;
}

/** The account, as `name@host`. */
export function granteeOf({ user, host }: ProcedureGrant): string {
  return `${user}@${host}`;
}

/** Needs SELECT on mysql.procs_priv. */
export async function readProcedureGrants(db: Db, name: string): Promise<ProcedureGrant[]> {
  const rows = await db.rows<{ user: string; host: string; privileges: string }>(
    "SELECT User AS user, Host AS host, Proc_priv AS privileges FROM mysql.procs_priv " +
      "WHERE Db = DATABASE() AND Routine_name = ? AND Routine_type = 'PROCEDURE' ORDER BY User, Host",
    [name],
  );
  return rows.map(({ user, host, privileges }) => {
    const words = privileges.split(",").map((word) => word.trim().toUpperCase());
    return {
      user,
      host,
      privileges: words.filter((word) => word !== "GRANT" && word !== ""),
      grantOption: words.includes("GRANT"),
    };
  });
}

/** Grants of accounts that still exist. Needs SELECT on mysql.user; without it, returns all grants. */
export async function ofExistingAccounts(db: Db, grants: readonly ProcedureGrant[]): Promise<ProcedureGrant[]> {
  if (grants.length === 0) return [];
  const rows = await db
    .rows<{ user: string; host: string }>("SELECT User AS user, Host AS host FROM mysql.user")
    .catch(() => undefined);
  if (rows === undefined) return [...grants];
  return grants.filter((grant) => rows.some(({ user, host }) => user === grant.user && host === grant.host));
}

/** GRANT statements without duplicates. */
export function grantStatements(procedure: string, grants: readonly ProcedureGrant[]): Statement[] {
  const statements = grants.map(({ user, host, privileges, grantOption }) => {
    const list = privileges.length === 0 ? "USAGE" : privileges.join(", ");
    const option = grantOption ? " WITH GRANT OPTION" : "";
    return `GRANT ${list} ON PROCEDURE ${id(procedure)} TO ${formatGrantee(user, host)}${option}`;
  });
  return [...new Set(statements)].map((sql) => ({ sql, locks: [] }));
}
