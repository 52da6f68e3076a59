/** The privileges of a role in one database, as far as this account can see them. */
import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { ServerError, serverErrorNamed } from "../db/server-errors.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { id, unquoteId } from "../sql.ts";
import { grantLines, matchesDatabase, splitPrivileges } from "./privileges.ts";

export type GrantTarget = { readonly table: string } | { readonly procedure: string };

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
  const lines = await linesOf(db, formatRole(name, dialect));
  if (typeof lines === "string") return lines;
  return (await isUser(db, name, dialect)) ? "user" : roleOf(lines, db.database);
}

/** Whether this account, formatted for a statement, exists; undefined if the server does not show it. */
export async function isAccount(db: Db, spelled: string): Promise<boolean | undefined> {
  const lines = await linesOf(db, spelled);
  return lines === "hidden" ? undefined : lines !== "absent";
}

/** Whether the role is granted beyond its creator; true if this account cannot see that. */
export async function isUsed(db: Db, name: string, { names }: Dialect): Promise<boolean> {
  const members = await count(db, names.roleMembers, [name]).catch(() => undefined);
  return members === undefined || members > 0;
}

// --- internal ---

/** An account without the privilege gets another error. */
const isNoSuchGrantOrAccount = serverErrorNamed("ER_NONEXISTING_GRANT", "ER_PASSWORD_NO_MATCH", "ER_NO_SUCH_USER");

async function linesOf(db: Db, spelled: string): Promise<string[] | "absent" | "hidden"> {
  try {
    return await grantLines(db, `SHOW GRANTS FOR ${spelled}`);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return isNoSuchGrantOrAccount(error) ? "absent" : "hidden";
  }
}

async function isUser(db: Db, name: string, { names }: Dialect): Promise<boolean> {
  return (await count(db, names.usersNamed, [name]).catch(() => 0)) > 0;
}

const line =
  /^(GRANT|REVOKE) (.+?) ON (?:(PROCEDURE|FUNCTION|TABLE) )?(\*|`(?:[^`]|``)+`)\.(\*|`(?:[^`]|``)+`) (?:TO|FROM) /i;

interface Held {
  readonly verb: string;
  readonly privileges: readonly string[];
  readonly type: string;
  readonly schema: string;
  readonly object: string;
}

function roleOf(lines: readonly string[], database: string): Role {
  const held = lines.flatMap((each): Held[] => {
    const [, verb = "", list = "", type = "TABLE", schema = "*", object = "*"] = line.exec(each) ?? [];
    if (verb === "") return [];
    const privileges = splitPrivileges(list).filter((privilege) => privilege !== "USAGE");
    return [
      {
        verb: verb.toUpperCase(),
        privileges,
        type: type.toUpperCase(),
        schema: unquoteId(schema),
        object: unquoteId(object),
      },
    ];
  });
  const names = ({ privileges }: Held, privilege: string) =>
    ["ALL PRIVILEGES", "ALL", privilege].some((each) => privileges.includes(each));
  const isExactly = ({ schema, object, type }: Held, on: GrantTarget) => {
    const [kind, name] = "table" in on ? ["TABLE", on.table] : ["PROCEDURE", on.procedure];
    return schema === database && type === kind && object.toLowerCase() === name.toLowerCase();
  };
  const isWhole = ({ schema, object }: Held) => object === "*" && (schema === "*" || matchesDatabase(schema, database));
  // Partial revokes of MySQL restrict grants on the whole server.
  const revoked = (privilege: string) =>
    held.some((each) => each.verb === "REVOKE" && isWhole(each) && names(each, privilege));
  const granted = held.filter(({ verb }) => verb === "GRANT");
  const holds: Role["holds"] = (privilege, on) => granted.some((each) => isExactly(each, on) && names(each, privilege));
  return {
    holds,
    has: (privilege, on) =>
      holds(privilege, on) ||
      granted.some((each) => isWhole(each) && names(each, privilege) && (each.schema !== "*" || !revoked(privilege))),
    beyond: (given) =>
      granted.flatMap((each) =>
        each.privileges.filter(
          (privilege) => !given.some(({ on, privilege: one }) => one === privilege && isExactly(each, on)),
        ),
      ).length,
  };
}
