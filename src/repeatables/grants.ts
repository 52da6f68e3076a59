/** Privileges of the roles of a facility on processing jobs; see migrations/grants/roles.json. */
import { createHash } from "node:crypto";
import type { GrantTarget } from "../access/held.ts";
import { notVisible } from "../access/held-by.ts";
import { type Role, formatRole, isUsed, readRole } from "../access/role.ts";
import type { Difference } from "../catalog/difference.ts";
import type { Db } from "../db/db.ts";
import { findTable } from "../model.ts";
import { id } from "../sql.ts";
import { entryOf } from "../state/journal.ts";
import { type Recorded, SELF_STEP, parsePrevious } from "../state/previous.ts";
import { nameOf, objectOf } from "../state/repeatable-names.ts";
import type { Statement } from "../steps/contract.ts";
import type { RepeatableContext } from "./context.ts";
import type { Live, Repeatable, RepeatableUndo } from "./repeatable.ts";
import { type RoleSpec, readRoles } from "./roles.ts";

/** The existing roles, the roles to create, and recorded roles that no longer exist. */
export async function inspectGrants(
  db: Db,
  context: RepeatableContext,
  procedures: readonly string[],
): Promise<Repeatable[]> {
  const repeatables: Repeatable[] = [];
  for (const spec of readRoles()) {
    const role = await readRole(db, spec.name, context.server.dialect);
    if (role === "user") continue;
    const name = nameOf("grants", spec.name);
    const isKnown = entryOf(context.entries, name, SELF_STEP) !== undefined;
    if (role === "absent" && !context.createRoles && !isKnown) continue;
    const wanted = wantedOf(spec, procedures, context);
    const checksum = `grants-1:${createHash("sha256").update(JSON.stringify(wanted)).digest("hex")}`;
    const live = compareRole(spec, role, wanted, context);
    repeatables.push({ name, kind: "grants", title: `privileges of role ${spec.name}`, checksum, live });
  }
  return repeatables;
}

/** Revokes what was granted; drops a role that this tool created, if no account uses it. */
export async function undoGrants(
  db: Db,
  entry: Recorded,
  { server }: Pick<RepeatableContext, "server">,
): Promise<RepeatableUndo> {
  const { dialect } = server;
  const name = objectOf(entry.migration);
  const role = await readRole(db, name, dialect);
  if (typeof role === "string") return { statements: [] };
  const { created = false, given = [] } = parsePrevious<Before>(entry);
  const spelled = formatRole(name, dialect);
  // A privilege that was revoked meanwhile cannot be revoked again.
  const still = given.filter(({ on, privilege }) => role.holds(privilege, on));
  const revoking = byObject(still).map(([on, list]) => statement(`REVOKE ${list.join(", ")} ON ${on} FROM ${spelled}`));
  const isFree = created && role.beyond(given) === 0 && !(await isUsed(db, name, dialect));
  return {
    statements: [...revoking, ...(isFree ? [statement(`DROP ROLE ${spelled}`)] : [])],
    needs: ["GRANT OPTION"],
    ...(isFree ? { global: dialect.names.dropRole } : {}),
  };
}

/** Tables and procedures that the privileges of this role refer to. */
export function objectsOfGrants(entry: Recorded): { tables: string[]; procedures: string[] } {
  const spec = readRoles().find(({ name }) => name === objectOf(entry.migration));
  const { given = [] } = parsePrevious<Before>(entry);
  const tables = [...Object.keys(spec?.tables ?? {}), ...given.flatMap(({ on }) => ("table" in on ? on.table : []))];
  return {
    tables: [...new Set(tables)],
    procedures: given.flatMap(({ on }) => ("procedure" in on ? on.procedure : [])),
  };
}

/** Adds the new grants to those recorded at first. Other repeatables have no grants: the first record stays. */
export function addGiven(
  first: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const given = [first["given"], now["given"]].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return given.length === 0 ? first : { ...first, given };
}

// --- internal ---

interface Given {
  readonly privilege: string;
  readonly on: GrantTarget;
}

interface Before {
  readonly created: boolean;
  readonly given: readonly Given[];
}

function wantedOf(spec: RoleSpec, procedures: readonly string[], { catalog }: RepeatableContext): Given[] {
  const tables = Object.entries(spec.tables).flatMap(([table, privileges]) => {
    const existing = findTable(catalog, table);
    return existing === undefined ? [] : privileges.map((privilege) => ({ privilege, on: { table: existing.name } }));
  });
  const executes = spec.procedures ? procedures.map((procedure) => ({ privilege: "EXECUTE", on: { procedure } })) : [];
  return [...tables, ...executes];
}

function compareRole(
  spec: RoleSpec,
  role: Role | "absent" | "hidden",
  wanted: readonly Given[],
  { server }: RepeatableContext,
): Live {
  const { dialect } = server;
  if (role === "hidden") {
    const problem = `this account cannot see whether role ${spec.name} exists`;
    return { state: "hidden", ...notVisible(problem, server.account, dialect) };
  }
  const missing = role === "absent" ? wanted : wanted.filter(({ on, privilege }) => !role.has(privilege, on));
  if (missing.length === 0) return { state: "present" };
  const spelled = formatRole(spec.name, dialect);
  const creating = role === "absent" ? [statement(`CREATE ROLE ${spelled}`)] : [];
  const granting = byObject(missing).map(([on, list]) => statement(`GRANT ${list.join(", ")} ON ${on} TO ${spelled}`));
  const differences = missing.map(({ on, privilege }): Difference => ({
    part: "role",
    object: spec.name,
    aspect: "privilege",
    expected: `${privilege} on ${"table" in on ? on.table : `procedure ${on.procedure}`}`,
  }));
  const before: Before = { created: role === "absent", given: missing };
  return {
    state: role === "absent" ? "absent" : "different",
    differences,
    change: {
      statements: [...creating, ...granting],
      before: { ...before },
      shown: { from: "", to: [...creating, ...granting].map(({ sql }) => `${sql};`).join("\n") },
      // An account can only grant privileges that it has.
      needs: [...new Set(["GRANT OPTION", ...missing.map(({ privilege }) => privilege)])],
      ...(role === "absent" ? { global: dialect.names.createRole } : {}),
    },
  };
}

function statement(sql: string): Statement {
  return { sql, locks: [] };
}

/** Privileges by object: one GRANT or REVOKE each. */
function byObject(given: readonly Given[]): [on: string, privileges: string[]][] {
  const groups = Map.groupBy(given, ({ on }) => ("table" in on ? id(on.table) : `PROCEDURE ${id(on.procedure)}`));
  return [...groups].map(([on, list]) => [on, list.map(({ privilege }) => privilege)]);
}
