/**
 * Which repeatables a `down` takes back: those that stand upon what goes. They go first, privileges
 * before procedures before tables.
 */
import type { Db } from "../db/db.ts";
import type { JournalWriter } from "../run/journal-writer.ts";
import { type Run, stopIfAsked } from "../run/run.ts";
import { sendAt } from "../run/send-statement.ts";
import type { Entry } from "../state/journal.ts";
import { SELF_STEP, UNDO_STEP } from "../state/previous.ts";
import { kindOf, objectOf, repeatableKinds } from "../state/repeatable-names.ts";
import { reasonOf } from "../state/skips.ts";
import type { Step } from "../steps/step.ts";
import type { RepeatableContext } from "./context.ts";
import { objectsOfGrants } from "./grants.ts";
import { tokensOf } from "./procedures/tokens.ts";
import type { RepeatableUndo } from "./repeatable.ts";
import { migrationsOf } from "./schema-status.ts";
import { undoRepeatable } from "./undo.ts";

export interface DownRepeatable extends RepeatableUndo {
  readonly name: string;
  readonly title: string;
  /** found: it was there before us, or is left as it is on purpose, and is only forgotten. */
  readonly made: "done" | "found";
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

export async function planRepeatablesDown(db: Db, context: RepeatableContext, going: Going): Promise<DownRepeatable[]> {
  const { entries } = context;
  const recorded = entries.filter(({ migration, step }) => kindOf(migration) !== undefined && step === SELF_STEP);
  const procedures = recorded.filter((entry) => kindOf(entry.migration) === "procedures" && goes(entry, going));
  const gone = new Set(procedures.map(({ migration }) => objectOf(migration)));
  const taken = recorded.filter((entry) => {
    if (going.everything || procedures.includes(entry)) return true;
    if (kindOf(entry.migration) === "SchemaStatus") {
      return migrationsOf(entry.migration, context.migrations).some((name) => going.migrations.includes(name));
    }
    if (kindOf(entry.migration) !== "grants") return false;
    const { tables, procedures: executable } = objectsOfGrants(entry);
    return executable.some((name) => gone.has(name)) || tables.some((name) => tablesOf(going).includes(name));
  });
  const planned: DownRepeatable[] = [];
  for (const entry of inOrder(taken)) {
    const { checksum, migration: name, state, what: title } = entry;
    const isSkipped = reasonOf(entries, name) !== undefined;
    const made = state === "found" || isSkipped ? "found" : "done";
    const isThere = made === "done" && state !== "not done";
    const undone = isThere ? await undoRepeatable(db, entry, context) : { statements: [] };
    planned.push({ ...undone, name, title, made, checksum: checksum ?? "" });
  }
  return planned;
}

export async function undoOneRepeatable(run: Run, journal: JournalWriter, each: DownRepeatable): Promise<void> {
  stopIfAsked(run);
  run.lease.check();
  const { name, title, made } = each;
  const started = performance.now();
  if (made === "found") run.progress({ kind: "forgotten", title });
  else await undo(run, journal, each);
  await journal.forgetRow(name, SELF_STEP);
  await journal.forgetRow(name, UNDO_STEP);
  if (made === "done")
    run.progress({ kind: "done", title: `take back: ${title}`, seconds: (performance.now() - started) / 1000 });
}

// --- internal ---

/** Cut off in between, the next `up` makes it again with what was kept, and the next `down` goes on. */
async function undo(run: Run, journal: JournalWriter, { name, title, checksum, keep, statements }: DownRepeatable) {
  const row = { migration: name, state: "intended", checksum } as const;
  if (keep !== undefined) {
    const what = `kept while ${title} is taken back`;
    await journal.writeRow({ ...row, step: UNDO_STEP, what, previous: JSON.stringify(keep) });
  }
  await journal.writeRow({ ...row, step: SELF_STEP, what: title });
  for (const statement of statements) {
    await sendAt(run, `${run.main.database}: ${title}`, statement);
  }
}

/** The last that was brought about goes first. */
function inOrder(entries: readonly Entry[]): Entry[] {
  return repeatableKinds.toReversed().flatMap((kind) => entries.filter((entry) => kindOf(entry.migration) === kind));
}

/** A procedure cannot use a table or column without naming it; one that only has its name stays on the safe side. */
function goes({ statement }: Entry, going: Going): boolean {
  if (going.everything) return true;
  const words = new Set(tokensOf(statement ?? "").map((token) => token.replaceAll("`", "").toLowerCase()));
  const columns = going.steps.flatMap((step) => (step.kind === "addColumn" ? step.column.name : []));
  return [...tablesOf(going), ...columns].some((name) => words.has(name.toLowerCase()));
}

function tablesOf({ steps }: Going): string[] {
  return steps.flatMap((step) => (step.kind === "createTable" ? step.table : []));
}
