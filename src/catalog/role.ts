/** What a role is allowed to do in one database, as far as this account may ask. */
import type { Db } from "../db/db.ts";
import { ServerError } from "../db/server-errors.ts";
import type { Vendor } from "../model.ts";
import { id } from "../sql.ts";
import { grantLines, matchesDatabase, splitPrivileges } from "./privileges.ts";

export interface Role {
  /** Whether this privilege is there for this table (or procedure), from whichever GRANT. */
  has(privilege: string, on: { readonly table: string } | { readonly procedure: string }): boolean;
}

/** `role`, or `role`@`%`: a role of MySQL is an account. */
export function spellRole(name: string, vendor: Vendor): string {
  return vendor === "mysql" ? `${id(name)}@${id("%")}` : id(name);
}

/** The role (or account), quoted as `spellRole` does; "absent", or "hidden" where the server does not tell this account. */
export async function readRole(db: Db, spelled: string): Promise<Role | "absent" | "hidden"> {
  try {
    return roleOf(await grantLines(db, `SHOW GRANTS FOR ${spelled}`), db.database);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    // 1141: no such grant, 1133 and 1449: no such account. Whoever may not ask is told so.
    return [1141, 1133, 1449].includes(error.code) ? "absent" : "hidden";
  }
}

const line = /^GRANT (.+?) ON (?:(PROCEDURE|FUNCTION|TABLE) )?(\*|`(?:[^`]|``)+`)\.(\*|`(?:[^`]|``)+`) TO /i;

function roleOf(lines: readonly string[], database: string): Role {
  const held = lines.flatMap((each) => {
    const [, list = "", type = "TABLE", schema = "*", object = "*"] = line.exec(each) ?? [];
    const isHere =
      schema === "*" || (object === "*" ? matchesDatabase(unquote(schema), database) : unquote(schema) === database);
    return isHere ? [{ privileges: splitPrivileges(list), type: type.toUpperCase(), object: unquote(object) }] : [];
  });
  return {
    has(privilege, on) {
      const [type, name] = "table" in on ? ["TABLE", on.table] : ["PROCEDURE", on.procedure];
      return held.some(
        ({ object, privileges, type: of }) =>
          (object === "*" || (of === type && object.toLowerCase() === name.toLowerCase())) &&
          ["ALL PRIVILEGES", "ALL", privilege].some((each) => privileges.includes(each)),
      );
    },
  };
}

function unquote(name: string): string {
  return name.replace(/^`|`$/g, "").replaceAll("``", "`");
}
