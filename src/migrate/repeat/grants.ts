/** What the roles of a facility may do with processing jobs; see migrations/grants/roles.ts. */
import { createHash } from "node:crypto";
import { type RoleSpec, roles } from "../../../migrations/grants/roles.ts";
import type { Difference } from "../../catalog/difference.ts";
import { type Role, readRole, spellRole } from "../../catalog/role.ts";
import type { Db } from "../../db/db.ts";
import { findTable } from "../../model.ts";
import { id } from "../../sql.ts";
import type { Statement } from "../../steps/contract.ts";
import { spellAccount } from "../access.ts";
import { entryOf } from "../journal.ts";
import { type Live, OWN_STEP, type Repeatable } from "./repeatable.ts";
import type { RepeatContext } from "./survey.ts";
import type { Recorded } from "./undo.ts";

const prefix = "grants/";

/** The roles that exist, those that are to be created, and those that are recorded and gone. */
export async function surveyGrants(
  db: Db,
  context: RepeatContext,
  procedures: readonly string[],
): Promise<Repeatable[]> {
  const repeatables: Repeatable[] = [];
  for (const spec of roles) {
    const role = await readRole(db, spellRole(spec.name, context.server.dialect.vendor));
    const name = prefix + spec.name;
    const isKnown = entryOf(context.entries, name, OWN_STEP) !== undefined;
    if (role === "absent" && !context.createRoles && !isKnown) continue;
    const wanted = wantedOf(spec, procedures, context);
    const checksum = `grants-1:${createHash("sha256").update(JSON.stringify(wanted)).digest("hex")}`;
    const live = look(spec, role, wanted, context);
    repeatables.push({ name, kind: "grants", title: `privileges of role ${spec.name}`, checksum, live });
  }
  return repeatables;
}

/** Takes away what was given, and a role that was created. */
export async function undoGrants(
  db: Db,
  { migration, previous }: Recorded,
  { server }: Pick<RepeatContext, "server">,
): Promise<Statement[]> {
  const { vendor } = server.dialect;
  const name = migration.slice(prefix.length);
  const spelled = spellRole(name, vendor);
  const role = await readRole(db, spelled);
  if (role === "absent" || role === "hidden") return [];
  const { created = false, given = [] } = JSON.parse(previous ?? "{}") as Partial<Before>;
  if (created) return [{ sql: `DROP ROLE ${spelled}`, locks: [] }];
  // What somebody has taken away meanwhile cannot be taken away again.
  const still = given.filter(({ on, privilege }) => role.has(privilege, on));
  return byObject(still).map(([on, list]) => ({
    sql: `REVOKE ${list.join(", ")} ON ${on} FROM ${spelled}`,
    locks: [],
  }));
}

/** Tables and procedures that the privileges of this role speak of. */
export function objectsOf({ migration, previous }: Recorded): { tables: string[]; procedures: string[] } {
  const spec = roles.find(({ name }) => prefix + name === migration);
  const { given = [] } = JSON.parse(previous ?? "{}") as Partial<Before>;
  return {
    tables: [
      ...new Set([...Object.keys(spec?.tables ?? {}), ...given.flatMap(({ on }) => ("table" in on ? on.table : []))]),
    ],
    procedures: given.flatMap(({ on }) => ("procedure" in on ? on.procedure : [])),
  };
}

// --- internal ---

type Target = { readonly table: string } | { readonly procedure: string };

interface Given {
  readonly privilege: string;
  readonly on: Target;
}

interface Before {
  readonly created: boolean;
  readonly given: readonly Given[];
}

function wantedOf(spec: RoleSpec, procedures: readonly string[], { catalog }: RepeatContext): Given[] {
  const tables = Object.entries(spec.tables).flatMap(([table, privileges]) => {
    const found = findTable(catalog, table);
    return found === undefined ? [] : privileges.map((privilege) => ({ privilege, on: { table: found.name } }));
  });
  const executes = spec.procedures ? procedures.map((procedure) => ({ privilege: "EXECUTE", on: { procedure } })) : [];
  return [...tables, ...executes];
}

function look(
  spec: RoleSpec,
  role: Role | "absent" | "hidden",
  wanted: readonly Given[],
  { server }: RepeatContext,
): Live {
  const { vendor } = server.dialect;
  if (role === "hidden") {
    const next = `GRANT SELECT ON mysql.* TO ${spellAccount(server.account)};   # shows this account who may do what`;
    return { state: "hidden", found: `whether there is a role ${spec.name} is not shown to this account`, next };
  }
  const missing = role === "absent" ? wanted : wanted.filter(({ on, privilege }) => !role.has(privilege, on));
  if (missing.length === 0) return { state: "present" };
  const spelled = spellRole(spec.name, vendor);
  const creating = role === "absent" ? [{ sql: `CREATE ROLE ${spelled}`, locks: [] }] : [];
  const granting = byObject(missing).map(([on, list]) => ({
    sql: `GRANT ${list.join(", ")} ON ${on} TO ${spelled}`,
    locks: [],
  }));
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
      // Whoever gives a privilege has to have it.
      needs: [...new Set(["GRANT OPTION", ...missing.map(({ privilege }) => privilege)])],
    },
  };
}

/** One GRANT or REVOKE for each object, with all that it is about. */
function byObject(given: readonly Given[]): [on: string, privileges: string[]][] {
  const groups = Map.groupBy(given, ({ on }) => ("table" in on ? id(on.table) : `PROCEDURE ${id(on.procedure)}`));
  return [...groups].map(([on, list]) => [on, list.map(({ privilege }) => privilege)]);
}
