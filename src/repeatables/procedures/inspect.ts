/** Compares the stored procedures with what is wanted. */
import { formatAccount } from "../../access/account.ts";
import { grantTarget } from "../../access/require.ts";
import type { Difference } from "../../catalog/difference.ts";
import type { Db } from "../../db/db.ts";
import { type Entry, entryOf } from "../../state/journal.ts";
import { SELF_STEP, keptOf } from "../../state/previous.ts";
import { nameOf } from "../../state/repeatable-names.ts";
import type { RepeatableContext } from "../context.ts";
import type { Hidden, Live, Repeatable } from "../repeatable.ts";
import { creating, replacing } from "./change.ts";
import { compareDefinitions, definitionChecksums, parseDefinition } from "./definition.ts";
import type { ProcedureGrant } from "./execute-grants.ts";
import { readDefiners, runningOf, withGrants } from "./definers.ts";
import { type LiveProcedures, mayRead, readProcedures } from "./live.ts";
import { unreadableProcedure } from "./unreadable.ts";
import { type WantedProcedure, lackingFor, wantedProcedure } from "./wanted.ts";

export async function inspectProcedures(db: Db, context: RepeatableContext): Promise<Repeatable[]> {
  const { catalog, entries, procedures: sources, routines, server } = context;
  if (sources.length === 0) return [];
  const names = sources.map((source) => source.name);
  const live = await readProcedures(db, names, server.dialect);
  const definers = await readDefiners(db, context, live);
  const procedures: Repeatable[] = [];
  for (const source of sources) {
    const name = nameOf("procedures", source.name);
    const repeatable = { name, kind: "procedures", title: `procedure ${source.name}` } as const;
    const running = definers.wantedFor(live.byName.get(source.name.toLowerCase()));
    const wanted = wantedProcedure(source, catalog, running, routines.security);
    const lacking = lackingFor(source, sources, catalog);
    if ("missing" in wanted || lacking.length > 0) {
      const problem = `needs ${lacking.join(", ")}`;
      procedures.push({ ...repeatable, checksum: "", live: { state: "impossible", problem, missing: lacking } });
      continue;
    }
    const entry = entryOf(entries, name, SELF_STEP);
    const { grants: kept = [] } = keptOf<{ grants: readonly ProcedureGrant[] }>(entries, name);
    const there = await compareProcedure(db, source.name, wanted, {
      live,
      kept,
      entry,
      context,
      isGone: running.isGone,
    });
    const isPresent = there.state === "present";
    const checksum = (isPresent ? entry?.checksum : undefined) ?? wantedChecksum(wanted);
    const ran = runningOf(running, wanted, { procedure: source.name, isPresent }, context, definers);
    const isSeen = there.state !== "hidden" || there.ifAbsent !== undefined;
    procedures.push({ ...repeatable, checksum, live: there, ...(ran === undefined || !isSeen ? {} : { runsAs: ran }) });
  }
  return await withGrants(db, procedures, definers);
}

// --- internal ---

interface InspectedProcedure {
  readonly live: LiveProcedures;
  readonly kept: readonly ProcedureGrant[];
  readonly entry: Entry | undefined;
  readonly context: RepeatableContext;
  /** Its DEFINER does not exist. */
  readonly isGone: boolean;
}

function wantedChecksum({ definition }: WantedProcedure): string {
  return definitionChecksums(definition)[0];
}

async function compareProcedure(
  db: Db,
  name: string,
  wanted: WantedProcedure,
  { live, kept, entry, context, isGone }: InspectedProcedure,
): Promise<Live> {
  const { account, dialect } = context.server;
  const existing = live.byName.get(name.toLowerCase());
  if (existing === undefined) {
    const change = creating(name, wanted, kept);
    if (!live.complete) {
      // One privilege on routines makes them visible; what a procedure there needs beyond it is asked for afterwards.
      const needs = ["CREATE ROUTINE"];
      const next = `GRANT ${needs.join(", ")} ON ${await grantTarget(db)}.* TO ${formatAccount(account)};`;
      return { ...hidden("this account cannot see which procedures exist", next), needs, ifAbsent: change };
    }
    const expected = `procedure ${name}`;
    return {
      state: "absent",
      differences: [{ part: "procedure", object: name, aspect: "existence", expected }],
      change,
    };
  }
  if (existing.sql === undefined) {
    return { state: "hidden", ...unreadableProcedure(name, account, dialect) };
  }
  const definition = parseDefinition(existing.sql);
  const own = definition === undefined ? undefined : { ...definition, sqlMode: existing.sqlMode };
  const differences: Difference[] =
    own === undefined
      ? [{ part: "procedure", object: name, aspect: "body", found: notOurs, expected: "the text of this tool" }]
      : compareDefinitions(name, own, wanted.definition, isGone);
  if (differences.length === 0 && kept.length === 0) return { state: "present" };
  const isAsRecorded = own !== undefined && definitionChecksums(own).some((each) => each === entry?.checksum);
  const seesGrants = dialect.can.createOrReplaceProcedure || (await mayRead(db, "mysql.procs_priv"));
  const change = await replacing(db, existing, wanted, { kept, dialect, account, seesGrants });
  const digest = existing.digest === undefined ? {} : { digest: existing.digest };
  return { state: "different", edited: !isAsRecorded, ...digest, differences, change };
}

const notOurs = "a body without BEGIN … END, which every procedure of this tool has";

function hidden(problem: string, next: string): Hidden {
  return { state: "hidden", problem, next };
}
