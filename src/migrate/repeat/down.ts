/**
 * Which repeatables a `down` takes back: those that stand upon what goes. They go first, privileges
 * before procedures before tables.
 */
import type { Db } from "../../db/db.ts";
import { tokensOf } from "../../procedures/tokens.ts";
import type { Statement } from "../../steps/contract.ts";
import type { Step } from "../../steps/step.ts";
import type { Entry } from "../journal.ts";
import type { Ledger } from "../ledger.ts";
import { type Run, stopIfAsked } from "../run.ts";
import { send } from "../statement.ts";
import { objectsOf } from "./grants.ts";
import { KEPT_STEP, OWN_STEP, isRepeatable, repeatKinds } from "./repeatable.ts";
import { migrationsOf } from "./schema-status.ts";
import type { RepeatContext } from "./survey.ts";
import { undoRepeatable } from "./undo.ts";

export interface DownRepeatable {
  readonly name: string;
  readonly title: string;
  readonly made: "done" | "found";
  /** None for what was only found, and for what is gone already. */
  readonly statements: readonly Statement[];
  /** Of the form in which it was made. */
  readonly checksum: string;
}

/** What goes, as the journal and the steps know it. */
export interface Going {
  /** Names of the migrations that are taken back. */
  readonly migrations: readonly string[];
  /** Their steps that were made by us. */
  readonly steps: readonly Step[];
  /** Every migration that is recorded goes, and with them all that stands upon them. */
  readonly everything: boolean;
}

export async function planRepeatables(db: Db, context: RepeatContext, going: Going): Promise<DownRepeatable[]> {
  const recorded = context.entries.filter(
    ({ migration, step, state }) => isRepeatable(migration) && step === OWN_STEP && state !== "skipped",
  );
  const procedures = recorded.filter((entry) => kindOf(entry) === "procedures" && goes(entry, going));
  const gone = new Set(procedures.map(({ migration }) => migration.slice("procedures/".length)));
  const taken = recorded.filter((entry) => {
    if (going.everything || procedures.includes(entry)) return true;
    if (kindOf(entry) === "SchemaStatus") {
      return migrationsOf(entry.migration, context.migrations).some((name) => going.migrations.includes(name));
    }
    if (kindOf(entry) !== "grants") return false;
    const { tables, procedures: executable } = objectsOf(entry);
    return executable.some((name) => gone.has(name)) || tables.some((name) => tablesOf(going).includes(name));
  });
  const planned: DownRepeatable[] = [];
  for (const entry of inOrder(taken)) {
    const made = entry.state === "found" ? "found" : "done";
    const undone = made === "found" || entry.state === "not done" ? [] : await undoRepeatable(db, entry, context);
    planned.push({
      name: entry.migration,
      title: entry.what,
      made,
      statements: undone,
      checksum: entry.checksum ?? "",
    });
  }
  return planned;
}

export async function takeBackRepeatable(run: Run, ledger: Ledger, each: DownRepeatable): Promise<void> {
  stopIfAsked(run);
  run.lease.check();
  const { name, title, made, statements, checksum } = each;
  const started = performance.now();
  if (made === "found") run.progress({ kind: "forgotten", title });
  else {
    // Cut off from here on, the next `up` makes it again, and the next `down` goes on.
    await ledger.writeRow({ migration: name, step: OWN_STEP, what: title, state: "intended", checksum });
    for (const statement of statements) await send(run, statement);
  }
  await ledger.forgetRow(name, OWN_STEP);
  await ledger.forgetRow(name, KEPT_STEP);
  if (made === "done")
    run.progress({ kind: "done", title: `take back: ${title}`, seconds: (performance.now() - started) / 1000 });
}

// --- internal ---

function kindOf({ migration }: Entry): string {
  return migration.split("/")[0] ?? "";
}

/** The last that was brought about goes first. */
function inOrder(entries: readonly Entry[]): Entry[] {
  return repeatKinds.toReversed().flatMap((kind) => entries.filter((entry) => kindOf(entry) === kind));
}

/** A procedure cannot use a table or column without naming it; one that only has its name stays on the safe side. */
function goes({ statement }: Entry, going: Going): boolean {
  if (going.everything) return true;
  const words = new Set(tokensOf(statement ?? "").map((token) => token.replaceAll("`", "").toLowerCase()));
  const names = [
    ...tablesOf(going),
    ...going.steps.flatMap((step) => (step.kind === "addColumn" ? step.column.name : [])),
  ];
  return names.some((name) => words.has(name.toLowerCase()));
}

function tablesOf({ steps }: Going): string[] {
  return steps.flatMap((step) => (step.kind === "createTable" ? step.table : []));
}
