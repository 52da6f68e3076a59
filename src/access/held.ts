/** What an account holds by GRANTs: the lines of SHOW GRANTS, read. */
import { unquoteId } from "../sql.ts";
import { firstWildcard, matchesDatabase, splitPrivileges } from "./privileges.ts";

export type GrantTarget = { readonly table: string } | { readonly procedure: string };

export interface Held {
  readonly verb: "GRANT" | "REVOKE";
  readonly privileges: readonly string[];
  /** Privileges on some columns only. */
  readonly onColumns: readonly string[];
  /** TABLE, PROCEDURE or FUNCTION. */
  readonly type: string;
  /** `*`, or the pattern of a database. */
  readonly schema: string;
  readonly object: string;
}

const line =
  /^(GRANT|REVOKE) (.+?) ON (?:(PROCEDURE|FUNCTION|TABLE) )?(\*|`(?:[^`]|``)+`)\.(\*|`(?:[^`]|``)+`) (?:TO|FROM) /i;

export function parseHeld(lines: readonly string[]): Held[] {
  return lines.flatMap((each): Held[] => {
    const [, verb = "", list = "", type = "TABLE", schema = "*", object = "*"] = line.exec(each) ?? [];
    if (verb === "") return [];
    return [
      {
        verb: verb.toUpperCase() === "GRANT" ? "GRANT" : "REVOKE",
        privileges: splitPrivileges(list).filter((privilege) => privilege !== "USAGE"),
        onColumns: [...list.matchAll(/(\w[\w ]*?)\s*\(/g)].map(([, privilege = ""]) => privilege.toUpperCase()),
        type: type.toUpperCase(),
        schema: unquoteId(schema),
        object: unquoteId(object),
      },
    ];
  });
}

export function namesPrivilege(list: readonly string[], privilege: string): boolean {
  return ["ALL PRIVILEGES", "ALL", privilege].some((each) => list.includes(each));
}

/** Whether it is about exactly this table or procedure. */
export function isExactly({ schema, object, type }: Held, on: GrantTarget, database: string): boolean {
  const [kind, name] = "table" in on ? ["TABLE", on.table] : ["PROCEDURE", on.procedure];
  return schema === database && type === kind && object.toLowerCase() === name.toLowerCase();
}

/** Whether it is about everything in this database. */
function isWhole({ schema, object }: Held, database: string): boolean {
  return object === "*" && (schema === "*" || matchesDatabase(schema, database));
}

/** Whether the privilege is there, by any GRANT. */
export function holds(held: readonly Held[], privilege: string, on: GrantTarget, database: string): boolean {
  // Partial revokes of MySQL restrict grants on the whole server.
  const revoked = held.some(
    (each) => each.verb === "REVOKE" && isWhole(each, database) && namesPrivilege(each.privileges, privilege),
  );
  return held.some(
    (each) =>
      each.verb === "GRANT" &&
      namesPrivilege(each.privileges, privilege) &&
      (isExactly(each, on, database) || (isWhole(each, database) && (each.schema !== "*" || !revoked))),
  );
}

/** The spelling of the database in the entry that counts for it: a GRANT on any other spelling would hide that entry. */
export function entryFor(held: readonly Held[], database: string): string | undefined {
  const entries = held.filter((each) => each.schema !== "*" && isWhole(each, database)).map(({ schema }) => schema);
  return entries.toSorted((a, b) => firstWildcard(b) - firstWildcard(a))[0];
}
