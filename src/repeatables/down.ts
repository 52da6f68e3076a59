/**
 * Which repeatables a `down` undoes: those that depend on what it drops. They are undone first: privileges before
 * procedures before tables.
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
  /** done: created by this tool, and undone. adopted: there before this tool, or skipped; only its record is deleted. */
  readonly made: "done" | "adopted";
  /** Checksum of the form that was created. */
  readonly checksum: string;
}

/** What a `down` undoes. */
export interface DownScope {
  /** Names of the migrations that are undone. */
  readonly migrations: readonly string[];
  /** Their steps that this tool applied. */
  readonly steps: readonly Step[];
  /** True if every recorded migration is undone; then every repeatable is, too. */
  readonly everything: boolean;
}

export async function planRepeatablesDown(
  db: Db,
  context: RepeatableContext,
  scope: DownScope,
): Promise<DownRepeatable[]> {
  const { entries } = context;
  const recorded = entries.filter(({ migration, step }) => kindOf(migration) !== undefined && step === SELF_STEP);
  const procedures = recorded.filter((entry) => kindOf(entry.migration) === "procedures" && isAffected(entry, scope));
  const gone = new Set(procedures.map(({ migration }) => objectOf(migration)));
  const affected = recorded.filter((entry) => {
    if (scope.everything || procedures.includes(entry)) return true;
    if (kindOf(entry.migration) === "SchemaStatus") {
      return migrationsOf(entry.migration, context.migrations).some((name) => scope.migrations.includes(name));
    }
    if (kindOf(entry.migration) !== "grants") return false;
    const { tables, procedures: executable } = objectsOfGrants(entry);
    return executable.some((name) => gone.has(name)) || tables.some((name) => tablesOf(scope).includes(name));
  });
  const planned: DownRepeatable[] = [];
  for (const entry of inOrder(affected)) {
    const { checksum, migration: name, state, what: title } = entry;
    const isSkipped = reasonOf(entries, name) !== undefined;
    const made = state === "found" || isSkipped ? "adopted" : "done";
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
  if (made === "adopted") run.progress({ kind: "forgotten", title });
  else await undoCreated(run, journal, each);
  await journal.forgetRow(name, SELF_STEP);
  await journal.forgetRow(name, UNDO_STEP);
  if (made === "done")
    run.progress({ kind: "done", title: `undo: ${title}`, seconds: (performance.now() - started) / 1000 });
}

// --- internal ---

/** If it is cut off in between, the next `up` creates it again from what was kept, and the next `down` continues. */
async function undoCreated(
  run: Run,
  journal: JournalWriter,
  { name, title, checksum, keep, statements }: DownRepeatable,
) {
  const row = { migration: name, state: "intended", checksum } as const;
  if (keep !== undefined) {
    const what = `kept while ${title} is undone`;
    await journal.writeRow({ ...row, step: UNDO_STEP, what, previous: JSON.stringify(keep) });
  }
  await journal.writeRow({ ...row, step: SELF_STEP, what: title });
  for (const statement of statements) {
    await sendAt(run, `${run.main.database}: ${title}`, statement);
  }
}

/** The last one created is the first one undone. */
function inOrder(entries: readonly Entry[]): Entry[] {
  return repeatableKinds.toReversed().flatMap((kind) => entries.filter((entry) => kindOf(entry.migration) === kind));
}

/** A procedure names every table and column that it uses. A mere mention counts as use: that errs on the safe side. */
function isAffected({ statement }: Entry, scope: DownScope): boolean {
  if (scope.everything) return true;
  const words = new Set(tokensOf(statement ?? "").map((token) => token.replaceAll("`", "").toLowerCase()));
  const columns = scope.steps.flatMap((step) => (step.kind === "addColumn" ? step.column.name : []));
  return [...tablesOf(scope), ...columns].some((name) => words.has(name.toLowerCase()));
}

function tablesOf({ steps }: DownScope): string[] {
  return steps.flatMap((step) => (step.kind === "createTable" ? step.table : []));
}
