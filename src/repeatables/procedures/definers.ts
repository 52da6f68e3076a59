/**
 * Which DEFINER a procedure keeps or gets. An existing one stays: clients' calls run with its privileges, and they fail
 * when it is dropped. New procedures take the one that the existing procedures agree on.
 */
import { type DefinerRights, readDefinerRights } from "../../access/definer-rights.ts";
import { readPrivileges } from "../../access/privileges.ts";
import { spellDatabase } from "../../access/require.ts";
import { formatDefiner } from "../../access/account.ts";
import type { Db } from "../../db/db.ts";
import type { Repeatable } from "../repeatable.ts";
import type { RepeatableContext } from "../context.ts";
import type { RunsAs } from "../runs-as.ts";
import { definerOf, parseDefinition } from "./definition.ts";
import type { LiveProcedure, LiveProcedures } from "./live.ts";
import { executing, needsOf } from "./needs.ts";
import type { WantedDefiner, WantedProcedure } from "./wanted.ts";

export interface Definers {
  /** The DEFINER of a procedure that exists in this form, or is new. */
  wantedFor(existing: LiveProcedure | undefined): WantedDefiner & Pick<RunsAs, "before" | "isGone" | "after">;
  readonly rights: ReadonlyMap<string, DefinerRights | "absent" | "hidden">;
  /** True if the account that creates a procedure gets EXECUTE on it. */
  readonly isAutomatic: boolean;
}

export async function readDefiners(
  db: Db,
  { routines, server }: Pick<RepeatableContext, "routines" | "server">,
  { byName }: LiveProcedures,
): Promise<Definers> {
  const { definer: given } = routines;
  const existing = [...new Set([...byName.values()].flatMap((each) => runningAs(each) ?? []))];
  const rights: Definers["rights"] = new Map(
    await inTurn([...new Set([...existing, given ?? server.account])], async (account) => [
      account,
      await readDefinerRights(db, account, server),
    ]),
  );
  const there = existing.filter((account) => rights.get(account) !== "absent");
  const agreed = there.length === 1 ? there[0] : undefined;
  const forNew = agreed ?? server.account;
  const [row] = await db.rows<{ automatic: number }>("SELECT @@GLOBAL.automatic_sp_privileges AS automatic");
  // The server grants nothing to an account that may do both already, also where that is by a role (measured on MariaDB).
  const mayAlready = (await readPrivileges(db)).missing(["EXECUTE", "ALTER ROUTINE"]).length === 0;
  return {
    rights,
    isAutomatic: Number(row?.automatic) === 1 && !mayAlready,
    wantedFor(procedure) {
      const before = procedure === undefined ? undefined : runningAs(procedure);
      const isGone = before !== undefined && rights.get(before) === "absent";
      const now = { isGone, ...(before === undefined ? {} : { before }) };
      if (given !== undefined) return { ...now, after: given, definer: given, isRequired: true };
      if (isGone) return { ...now, after: forNew, definer: forNew, isRequired: true };
      if (before !== undefined) return { ...now, after: before, definer: before, isRequired: false };
      // What the server does by itself is not written: a run that is continued records the same statements.
      return { ...now, after: forNew, isRequired: false, ...(forNew === server.account ? {} : { definer: forNew }) };
    },
  };
}

/** Which account a procedure runs as, and what that account lacks for it; undefined for SQL SECURITY INVOKER. */
export function runningOf(
  { isGone, before, after }: Pick<RunsAs, "before" | "isGone" | "after">,
  { definition, sql }: WantedProcedure,
  { procedure, isPresent }: { readonly procedure: string; readonly isPresent: boolean },
  { catalog, server }: Pick<RepeatableContext, "catalog" | "server">,
  { isAutomatic, rights }: Definers,
): RunsAs | undefined {
  if (definition.security === "INVOKER") return undefined;
  const needs = [...needsOf(sql, catalog), executing(procedure)];
  const isGiven = isAutomatic && !isPresent && after === server.account;
  const own = rights.get(after);
  return {
    ...(before === undefined ? {} : { before }),
    isGone,
    after,
    lacks: typeof own === "object" ? own.lacks(isGiven ? needs.filter(({ on }) => "table" in on) : needs) : [],
    isUnseen: own === "hidden",
  };
}

/** The same procedures, with one GRANT for all that an account lacks. On the database: some tables may not exist yet. */
export async function withGrants(
  db: Db,
  procedures: readonly Repeatable[],
  { rights }: Pick<Definers, "rights">,
): Promise<Repeatable[]> {
  const lacking = procedures.flatMap(({ runsAs }) =>
    runsAs === undefined || runsAs.lacks.length === 0 ? [] : [runsAs],
  );
  const grants = new Map(
    await inTurn([...Map.groupBy(lacking, ({ after }) => after)], async ([account, list]) => {
      const own = rights.get(account);
      const target = await spellDatabase(db, typeof own === "object" ? own.entry : undefined);
      const privileges = new Set(list.flatMap(({ lacks }) => lacks.map(({ privilege }) => privilege)));
      return [account, `GRANT ${[...privileges].join(", ")} ON ${target}.* TO ${formatDefiner(account)};`];
    }),
  );
  return procedures.map((each) => {
    const grant = each.runsAs === undefined ? undefined : grants.get(each.runsAs.after);
    return each.runsAs === undefined || grant === undefined ? each : { ...each, runsAs: { ...each.runsAs, grant } };
  });
}

// --- internal ---

/** The DEFINER, where calls run as it. */
function runningAs({ sql }: LiveProcedure): string | undefined {
  if (sql === undefined || parseDefinition(sql)?.security === "INVOKER") return undefined;
  return definerOf(sql);
}

/** One after the other: they share a session. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<readonly [string, R]>) {
  const results: (readonly [string, R])[] = [];
  for (const each of items) results.push(await work(each));
  return results;
}
