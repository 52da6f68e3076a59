/** The stored procedures: made, replaced where their text or the catalog has changed, put back by `down`. */
import type { Difference } from "../../catalog/difference.ts";
import type { Db } from "../../db/db.ts";
import { SQL_MODE } from "../../db/session.ts";
import { MigrateError } from "../../errors.ts";
import type { Catalog } from "../../model.ts";
import {
  type Definition,
  compareDefinitions,
  definitionChecksum,
  parseDefinition,
} from "../../procedures/definition.ts";
import {
  type LiveProcedure,
  type LiveProcedures,
  type ProcedureGrant,
  mayRead,
  readProcedureGrants,
  readProcedures,
} from "../../procedures/live.ts";
import { renderProcedure } from "../../procedures/render.ts";
import type { ProcedureSource } from "../../procedures/source.ts";
import { id, text } from "../../sql.ts";
import type { Statement } from "../../steps/contract.ts";
import { spellAccount } from "../access.ts";
import type { Entry } from "../journal.ts";
import { entryOf } from "../journal.ts";
import { type Change, type Hidden, KEPT_STEP, OWN_STEP, type Live, type Repeatable } from "./repeatable.ts";
import type { RepeatContext } from "./survey.ts";
import type { Recorded } from "./undo.ts";

/** How procedures are created; where nobody says, as the servers do: by whoever creates them, and with that account's rights. */
export interface RoutineSettings {
  /** `name@host` */
  readonly definer?: string;
  readonly security?: "DEFINER" | "INVOKER";
}

const prefix = "procedures/";

function procedureName(name: string): string {
  return prefix + name;
}

export async function surveyProcedures(db: Db, context: RepeatContext): Promise<Repeatable[]> {
  const sources = context.procedures;
  if (sources.length === 0) return [];
  const { dialect } = context.server;
  const live = await readProcedures(
    db,
    sources.map(({ name }) => name),
    dialect.vendor,
  );
  const procedures: Repeatable[] = [];
  for (const source of sources) {
    const wanted = wantedOf(source, context.catalog, context.routines);
    const repeatable = {
      name: procedureName(source.name),
      kind: "procedures",
      title: `procedure ${source.name}`,
    } as const;
    if ("missing" in wanted) {
      const found = `needs ${wanted.missing.join(", ")}`;
      procedures.push({ ...repeatable, checksum: "", live: { state: "impossible", found } });
      continue;
    }
    const kept = keptGrants(entryOf(context.entries, repeatable.name, KEPT_STEP));
    const found = await look(db, source.name, wanted, { live, kept, context });
    const recorded =
      found.state === "present" ? entryOf(context.entries, repeatable.name, OWN_STEP)?.checksum : undefined;
    const checksum = recorded ?? definitionChecksum(wanted.definition);
    procedures.push({ ...repeatable, checksum, live: found });
  }
  return procedures;
}

/** What takes back what was done to this procedure. Throws CONFLICT where it is no longer as we made it. */
export async function undoProcedure(
  db: Db,
  entry: Recorded,
  { server }: Pick<RepeatContext, "server">,
): Promise<Statement[]> {
  const name = entry.migration.slice(prefix.length);
  const { vendor } = server.dialect;
  const { byName } = await readProcedures(db, [name], vendor);
  const found = byName.get(name.toLowerCase());
  const before = JSON.parse(entry.previous ?? "{}") as Partial<Before>;
  if (found !== undefined) refuseEdited(db, name, found, entry);
  const drop = { sql: `DROP PROCEDURE ${id(name)}`, locks: [] };
  if (before.sql === undefined) return found === undefined ? [] : [drop];
  const session = {
    sql_mode: text(before.sqlMode ?? ""),
    collation_connection: text(before.collation ?? ""),
    // Of a text in ASCII no byte changes its meaning by it.
    ...(isAscii(before.sql) && before.charset !== undefined ? { character_set_client: text(before.charset) } : {}),
  };
  if (vendor === "mariadb") return [{ sql: orReplace(before.sql), locks: [], session }];
  const grants = [...(before.grants ?? []), ...(found === undefined ? [] : await readProcedureGrants(db, name))];
  const dropping = found === undefined ? [] : [drop];
  return [...dropping, { sql: before.sql, locks: [], session }, ...grantStatements(name, grants)];
}

// --- internal ---

/** What the journal keeps of a procedure that was there before. */
interface Before {
  readonly sql: string;
  readonly sqlMode: string;
  readonly collation: string;
  readonly charset: string;
  readonly grants: readonly ProcedureGrant[];
}

interface Wanted {
  readonly sql: string;
  readonly definition: Definition & { readonly sqlMode: string };
}

interface Seen {
  readonly live: LiveProcedures;
  readonly kept: readonly ProcedureGrant[];
  readonly context: RepeatContext;
}

function wantedOf(
  source: ProcedureSource,
  catalog: Catalog,
  { definer, security }: RoutineSettings,
): Wanted | { missing: readonly string[] } {
  const rendered = renderProcedure(source, catalog);
  if ("missing" in rendered) return rendered;
  let { sql } = rendered;
  if (security !== undefined) sql = sql.replace(/\bSQL SECURITY DEFINER\b/, `SQL SECURITY ${security}`);
  if (definer !== undefined) sql = sql.replace(/^CREATE /, `CREATE DEFINER=${spellDefiner(definer)} `);
  const definition = parseDefinition(sql);
  if (definition === undefined) throw new Error(`${source.name}.sql has no body between BEGIN and END`);
  return { sql, definition: { ...definition, sqlMode: SQL_MODE } };
}

async function look(db: Db, name: string, wanted: Wanted, seen: Seen): Promise<Live> {
  const { live, kept, context } = seen;
  const { account, dialect } = context.server;
  const found = live.byName.get(name.toLowerCase());
  if (found === undefined) {
    const statements = [{ sql: wanted.sql, locks: [] }, ...grantStatements(name, kept)];
    const shown = { from: "", to: wanted.sql };
    const keep = kept.length === 0 ? {} : { keep: { grants: kept } };
    const change: Change = { statements, before: {}, ...keep, shown, needs: ["CREATE ROUTINE"] };
    if (!live.complete) {
      const needs = ["CREATE ROUTINE", "ALTER ROUTINE"];
      const next = `GRANT ${needs.join(", ")} ON ${id(db.database)}.* TO ${spellAccount(account)};`;
      return { ...hidden("this account does not see which procedures there are", next), needs, ifAbsent: change };
    }
    const expected = `as in migrations/procedures/${name}.sql`;
    return {
      state: "absent",
      differences: [{ part: "procedure", object: name, aspect: "existence", expected }],
      change,
    };
  }
  if (found.sql === undefined) {
    const reading = dialect.vendor === "mariadb" ? "SELECT ON mysql.proc" : "SHOW_ROUTINE ON *.*";
    return hidden(
      `procedure ${name} is there, and this account may not read it`,
      `GRANT ${reading} TO ${spellAccount(account)};`,
    );
  }
  const definition = parseDefinition(found.sql);
  const differences: Difference[] =
    definition === undefined
      ? [{ part: "procedure", object: name, aspect: "body", found: "no BEGIN … END", expected: "ours" }]
      : compareDefinitions(name, { ...definition, sqlMode: found.sqlMode }, wanted.definition);
  if (differences.length === 0 && kept.length === 0) return { state: "present" };
  if (dialect.vendor === "mysql" && !(await mayRead(db, "mysql.procs_priv"))) {
    return hidden(
      `procedure ${name} is another one, and replacing it would take the EXECUTE privileges away that this account does not see`,
      `GRANT SELECT ON mysql.procs_priv TO ${spellAccount(account)};`,
    );
  }
  return { state: "different", differences, change: await replace(db, name, found, wanted, seen) };
}

async function replace(
  db: Db,
  name: string,
  found: LiveProcedure,
  wanted: Wanted,
  { kept, context }: Seen,
): Promise<Change> {
  const own = {
    sql: found.sql ?? "",
    sqlMode: found.sqlMode,
    collation: found.collation ?? "",
    charset: found.charset ?? "",
  };
  const shown = { from: found.sql ?? "", to: wanted.sql };
  if (context.server.dialect.vendor === "mariadb") {
    const statements = [{ sql: orReplace(wanted.sql), locks: [] }];
    return { statements, before: { ...own }, shown, needs: ["CREATE ROUTINE", "ALTER ROUTINE"] };
  }
  // MySQL cannot replace: DROP takes the grants with it.
  const grants = [...kept, ...(await readProcedureGrants(db, name))];
  return {
    statements: [
      { sql: `DROP PROCEDURE ${id(name)}`, locks: [] },
      { sql: wanted.sql, locks: [] },
      ...grantStatements(name, grants),
    ],
    before: { ...own, grants },
    ...(grants.length === 0 ? {} : { keep: { grants } }),
    shown,
    needs: ["CREATE ROUTINE", "ALTER ROUTINE", ...(grants.length === 0 ? [] : ["GRANT OPTION"])],
  };
}

function refuseEdited(db: Db, name: string, found: LiveProcedure, entry: Recorded): void {
  if (entry.state === "intended") return;
  const definition = found.sql === undefined ? undefined : parseDefinition(found.sql);
  if (definition !== undefined) {
    const { definer: _, ...plain } = definition;
    const checksums = [definition, plain].map((each) => definitionChecksum({ ...each, sqlMode: found.sqlMode }));
    if (entry.checksum !== null && checksums.includes(entry.checksum)) return;
  }
  throw new MigrateError("CONFLICT", `procedure ${name} is no longer as this tool made it`, {
    where: `${db.database}.${name}`,
    found: found.sql === undefined ? "this account may not read it" : "another text, or other settings",
    done: "nothing was changed",
    next: [
      `SHOW CREATE PROCEDURE ${id(name)};   # keep it, if it is needed`,
      "ispyb-migrate up --repair   # makes ours again; then the same command again",
    ],
  });
}

function hidden(found: string, next: string): Hidden {
  return { state: "hidden", found, next };
}

function keptGrants(entry: Entry | undefined): readonly ProcedureGrant[] {
  if (entry?.state !== "intended") return [];
  const { grants = [] } = JSON.parse(entry.previous ?? "{}") as Partial<Before>;
  return grants;
}

function grantStatements(name: string, grants: readonly ProcedureGrant[]): Statement[] {
  const statements = grants.map(
    ({ grantee, privileges, grantOption }) =>
      `GRANT ${privileges.join(", ")} ON PROCEDURE ${id(name)} TO ${grantee}${grantOption ? " WITH GRANT OPTION" : ""}`,
  );
  return [...new Set(statements)].map((sql) => ({ sql, locks: [] }));
}

function isAscii(sql: string): boolean {
  return /^\p{ASCII}*$/u.test(sql);
}

function orReplace(sql: string): string {
  return sql.replace(/^CREATE (?!OR REPLACE)/, "CREATE OR REPLACE ");
}

/** `name`@`host`, quoted. */
export function spellDefiner(definer: string): string {
  const at = definer.lastIndexOf("@");
  return at < 0 ? `${id(definer)}@${id("%")}` : `${id(definer.slice(0, at))}@${id(definer.slice(at + 1))}`;
}
