import type { Db } from "../db/db.ts";

/** What the account may do on the whole connected database. */
export interface Privileges {
  /** Of these privileges, those that the account does not have. */
  missing(wanted: readonly string[]): string[];
}

const grantLine = /^(GRANT|REVOKE) (.+?) ON (\S+) (?:TO|FROM) /i;

/** Reads SHOW GRANTS, with the grants of the roles that are active. Needs no privilege. */
export async function readPrivileges(db: Db): Promise<Privileges> {
  const lines = [...(await showGrants(db, "SHOW GRANTS")), ...(await roleGrants(db))];
  const held = new Set<string>();
  // A partial revoke of MySQL comes after the grants that it takes from.
  for (const line of lines) {
    const [, verb = "", list = "", target = ""] = grantLine.exec(line) ?? [];
    if (!covers(target, db.database)) continue;
    for (const privilege of splitPrivileges(list)) {
      if (verb.toUpperCase() === "GRANT") held.add(privilege);
      else held.delete(privilege);
    }
  }
  const all = held.has("ALL PRIVILEGES") || held.has("ALL");
  return { missing: (wanted) => (all ? [] : wanted.filter((privilege) => !held.has(privilege))) };
}

/** MySQL shows a role's grants only when told to use it; MariaDB shows them for the current role. */
async function roleGrants(db: Db): Promise<string[]> {
  const [row] = await db.rows<{ role: string | null }>("SELECT CURRENT_ROLE() AS role");
  const role = row?.role ?? "NONE";
  if (role === "NONE" || role === "") return [];
  const statement = role.includes("@")
    ? `SHOW GRANTS FOR CURRENT_USER() USING ${role}`
    : "SHOW GRANTS FOR CURRENT_ROLE()";
  return showGrants(db, statement);
}

async function showGrants(db: Db, statement: string): Promise<string[]> {
  const rows = await db.rows(statement);
  return rows.flatMap((row) => Object.values(row).map(String));
}

/** `*.*`, or `name`.* where the name is a LIKE pattern with escaped underscores. */
function covers(target: string, database: string): boolean {
  if (target === "*.*") return true;
  const pattern = /^[`"](.+)[`"]\.\*$/.exec(target)?.[1];
  if (pattern === undefined) return false;
  const source = [...pattern.matchAll(/\\[_%\\]|[\s\S]/g)]
    .map(([part]) => (part === "%" ? ".*" : part === "_" ? "." : part.replace(/^\\/, "").replace(/[^\w]/, "\\$&")))
    .join("");
  return new RegExp(`^${source}$`, "i").test(database);
}

/** Column privileges, `SELECT (a, b)`, are not privileges on the table. */
function splitPrivileges(list: string): string[] {
  return list
    .split(/,\s*(?![^(]*\))/)
    .map((privilege) => privilege.trim().toUpperCase())
    .filter((privilege) => !privilege.includes("("));
}
