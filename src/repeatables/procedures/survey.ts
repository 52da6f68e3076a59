/** The stored procedures as they are beside what is wanted. */
import { spellAccount } from "../../access/account.ts";
import { grantTarget } from "../../access/require.ts";
import type { Difference } from "../../catalog/difference.ts";
import type { Db } from "../../db/db.ts";
import { type Entry, entryOf } from "../../state/journal.ts";
import { OWN_STEP, keptOf } from "../../state/previous.ts";
import { nameOf } from "../../state/repeatable-names.ts";
import type { RepeatContext } from "../context.ts";
import type { Hidden, Live, Repeatable } from "../repeatable.ts";
import { making, replacing } from "./change.ts";
import { compareDefinitions, definitionChecksums, parseDefinition } from "./definition.ts";
import type { ProcedureGrant } from "./execute-grants.ts";
import { type LiveProcedures, mayRead, readProcedures } from "./live.ts";
import { type Wanted, wantedProcedure } from "./wanted.ts";

export async function surveyProcedures(db: Db, context: RepeatContext): Promise<Repeatable[]> {
  const { catalog, entries, procedures: sources, routines, server } = context;
  if (sources.length === 0) return [];
  const names = sources.map((source) => source.name);
  const live = await readProcedures(db, names, server.dialect.vendor);
  const procedures: Repeatable[] = [];
  for (const source of sources) {
    const name = nameOf("procedures", source.name);
    const repeatable = { name, kind: "procedures", title: `procedure ${source.name}` } as const;
    const wanted = wantedProcedure(source, catalog, routines);
    if ("missing" in wanted) {
      const found = `needs ${wanted.missing.join(", ")}`;
      procedures.push({ ...repeatable, checksum: "", live: { state: "impossible", found } });
      continue;
    }
    const entry = entryOf(entries, name, OWN_STEP);
    const { grants: kept = [] } = keptOf<{ grants: readonly ProcedureGrant[] }>(entries, name);
    const there = await look(db, source.name, wanted, { live, kept, entry, context });
    const recorded = there.state === "present" ? entry?.checksum : undefined;
    procedures.push({ ...repeatable, checksum: recorded ?? wantedChecksum(wanted), live: there });
  }
  return procedures;
}

// --- internal ---

interface Seen {
  readonly live: LiveProcedures;
  readonly kept: readonly ProcedureGrant[];
  readonly entry: Entry | undefined;
  readonly context: RepeatContext;
}

function wantedChecksum({ definition }: Wanted): string {
  return definitionChecksums(definition)[0];
}

async function look(db: Db, name: string, wanted: Wanted, { live, kept, entry, context }: Seen): Promise<Live> {
  const { account, dialect } = context.server;
  const found = live.byName.get(name.toLowerCase());
  if (found === undefined) {
    const change = making(name, wanted, kept);
    if (!live.complete) {
      const needs = ["CREATE ROUTINE", "ALTER ROUTINE"];
      const next = `GRANT ${needs.join(", ")} ON ${await grantTarget(db)}.* TO ${spellAccount(account)};`;
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
    const next = `GRANT ${reading} TO ${spellAccount(account)};`;
    return hidden(`procedure ${name} is there, and this account may not read it`, next);
  }
  const definition = parseDefinition(found.sql);
  const own = definition === undefined ? undefined : { ...definition, sqlMode: found.sqlMode };
  const differences: Difference[] =
    own === undefined
      ? [{ part: "procedure", object: name, aspect: "body", found: "no BEGIN … END", expected: "ours" }]
      : compareDefinitions(name, own, wanted.definition);
  if (differences.length === 0 && kept.length === 0) return { state: "present" };
  const isAsRecorded = own !== undefined && definitionChecksums(own).some((each) => each === entry?.checksum);
  const seesGrants = dialect.vendor === "mariadb" || (await mayRead(db, "mysql.procs_priv"));
  const change = await replacing(db, found, wanted, { kept, dialect, account, seesGrants });
  const digest = found.digest === undefined ? {} : { digest: found.digest };
  return { state: "different", edited: !isAsRecorded, ...digest, differences, change };
}

function hidden(found: string, next: string): Hidden {
  return { state: "hidden", found, next };
}
