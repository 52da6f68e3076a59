import type { Db } from "../db/db.ts";
import { isWithoutGrantTables } from "../db/server-errors.ts";
import { showRoleGrants } from "../dialect/unknown-server.ts";
import { whereKnown } from "../dialect/variables.ts";

/** The privileges of the account on the whole connected database. */
export interface Privileges {
  /** Those of these privileges that the account lacks. */
  missing(wanted: readonly string[]): string[];
  /** The same for privileges on the whole server. */
  missingGlobally(wanted: readonly string[]): string[];
  /** The same for privileges on the whole server that the account may grant to others. */
  missingToGrant(wanted: readonly string[]): string[];
  /**
   * The pattern of the account's own entry that holds for this database, as it was granted. The server
   * looks at one entry alone, the most specific: a GRANT on any other spelling would hide this one.
   */
  readonly entry?: string;
  /** MySQL with partial_revokes=ON: names of databases are not patterns. */
  readonly literal: boolean;
  /** True if the server checks no privileges. */
  readonly unchecked: boolean;
}

interface Grant {
  readonly verb: string;
  readonly privileges: readonly string[];
  /** `*`, or the pattern of a database. */
  readonly pattern: string;
  readonly grantee: string;
}

const grantLine = /^(GRANT|REVOKE) (.+?) ON (?:\*|`((?:[^`]|``)+)`)\.\* (?:TO|FROM) (\S+)/i;

/** Reads SHOW GRANTS, with the grants of active roles. Needs no privilege. */
export async function readPrivileges(db: Db): Promise<Privileges> {
  const own = await grantLines(db, "SHOW GRANTS").catch((error: unknown) => {
    if (isWithoutGrantTables(error)) return undefined;
    throw error;
  });
  if (own === undefined) return unchecked;
  const [row] = await db.rows<{ role: string | null; literal?: number }>(
    `SELECT CURRENT_ROLE() AS role ${whereKnown("partial_revokes", ", @@GLOBAL.partial_revokes AS literal")}`,
  );
  const lines = [...own, ...(await roleGrants(db, row?.role ?? "NONE"))];
  const literal = Number(row?.literal ?? 0) === 1;
  const grants = lines.map(parseGrant).filter((grant) => grant !== undefined);
  const held = new Set<string>();
  const entries: (string | undefined)[] = [];
  // Account and roles each have their own most specific entry; the lines of the account come first.
  for (const each of Map.groupBy(grants, (grant) => grant.grantee).values()) {
    const specific = mostSpecific(each, db.database, literal);
    entries.push(specific);
    // A partial revoke of MySQL comes after the grants that it restricts.
    for (const { verb, privileges } of each.filter(({ pattern }) => pattern === "*" || pattern === specific)) {
      for (const privilege of privileges) {
        if (verb.toUpperCase() === "GRANT") held.add(privilege);
        else held.delete(privilege);
      }
    }
  }
  const [entry] = entries;
  const whole = new Set(
    grants.flatMap((each) => (each.pattern === "*" && each.verb.toUpperCase() === "GRANT" ? each.privileges : [])),
  );
  // MySQL has a GRANT OPTION for each of its newer privileges: only that of the same line counts.
  const passedOn = new Set(
    grants.flatMap(({ pattern, verb, privileges }) =>
      pattern === "*" && verb.toUpperCase() === "GRANT" && privileges.includes("GRANT OPTION") ? privileges : [],
    ),
  );
  const all = held.has("ALL PRIVILEGES") || held.has("ALL");
  return {
    // ALL does not include GRANT OPTION.
    missing: (wanted) => wanted.filter((each) => !held.has(each) && (!all || each === "GRANT OPTION")),
    missingGlobally: (wanted) =>
      whole.has("ALL PRIVILEGES") || whole.has("ALL") ? [] : wanted.filter((each) => !whole.has(each)),
    missingToGrant: (wanted) =>
      passedOn.has("ALL PRIVILEGES") || passedOn.has("ALL") ? [] : wanted.filter((each) => !passedOn.has(each)),
    ...(entry === undefined ? {} : { entry }),
    literal,
    unchecked: false,
  };
}

/** What a session may do on a server that runs with --skip-grant-tables: everything. */
const unchecked: Privileges = {
  missing: () => [],
  missingGlobally: () => [],
  missingToGrant: () => [],
  literal: false,
  unchecked: true,
};

function parseGrant(line: string): Grant | undefined {
  const [, verb, list, pattern = "*", grantee = ""] = grantLine.exec(line) ?? [];
  if (verb === undefined || list === undefined) return undefined;
  const option = /\bWITH\b.*\bGRANT OPTION\b/i.test(line) ? ["GRANT OPTION"] : [];
  return { verb, privileges: [...splitPrivileges(list), ...option], pattern: pattern.replaceAll("``", "`"), grantee };
}

/** The most specific of the patterns that match: its first wildcard comes last. The servers use the same order. */
function mostSpecific(grants: readonly Grant[], database: string, literal: boolean): string | undefined {
  const patterns = grants
    .map((grant) => grant.pattern)
    .filter((pattern) => pattern !== "*" && (literal ? pattern === database : matchesDatabase(pattern, database)));
  return patterns.toSorted((a, b) => firstWildcard(b) - firstWildcard(a))[0];
}

/** Where a pattern's first wildcard is: the later, the more specific. */
export function firstWildcard(pattern: string): number {
  const at = pattern.replaceAll(/\\[\s\S]/g, "xx").search(/[_%]/);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

/** A LIKE pattern: _ and % are literal only after a backslash. */
export function matchesDatabase(pattern: string, database: string): boolean {
  const source = [...pattern.matchAll(/\\[_%\\]|[\s\S]/g)]
    .map(([part]) => (part === "%" ? ".*" : part === "_" ? "." : part.replace(/^\\/, "").replace(/[^\w]/, "\\$&")))
    .join("");
  return new RegExp(`^${source}$`, "iu").test(database);
}

/** The grants of the active role; `role` as CURRENT_ROLE() shows it. */
async function roleGrants(db: Db, role: string): Promise<string[]> {
  return role === "NONE" || role === "" ? [] : grantLines(db, showRoleGrants(role));
}

/** The lines of SHOW GRANTS. */
export async function grantLines(db: Db, statement: string): Promise<string[]> {
  const rows = await db.rows(statement);
  return rows.flatMap((row) => Object.values(row).map(String));
}

/** Column privileges, `SELECT (a, b)`, do not count as privileges on the table. */
export function splitPrivileges(list: string): string[] {
  return list
    .split(/,\s*(?![^(]*\))/)
    .map((privilege) => privilege.trim().toUpperCase())
    .filter((privilege) => !privilege.includes("("));
}
