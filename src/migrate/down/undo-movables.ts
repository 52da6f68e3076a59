/**
 * Undoes steps whose object is renamed, saved under its other name, and dropped: a table, or columns of one table. Users
 * miss it meanwhile: what cannot be dropped is restored.
 */
import { appendOutcome } from "../../errors.ts";
import { type Table, findTable } from "../../model.ts";
import { assertFitsOldColumn } from "../../plan/down-refusals.ts";
import type { DownStep } from "../../plan/down-step.ts";
import { type Movable, asideOf, isMovable, liesAside, putAside, putBack } from "../../plan/set-aside.ts";
import type { JournalWriter } from "../../run/journal-writer.ts";
import { untilKilled } from "../../run/kill-on-signal.ts";
import { type Run, stopIfAsked, uninterruptible } from "../../run/run.ts";
import { send, sendAt } from "../../run/send-statement.ts";
import { changedUnderneath } from "../../run/step-errors.ts";
import { entryOf } from "../../state/journal.ts";
import { parsePrevious } from "../../state/previous.ts";
import type { Facts, Undo } from "../../steps/contract.ts";
import { inPart, inspect, undo } from "../../steps/index.ts";
import { mergeStatements } from "../../steps/merge.ts";
import { formatStepRef } from "../../steps/step-ref.ts";
import { inspectLive } from "../inspect-live.ts";
import type { RowSaver } from "./save-rows.ts";

/** What a step is undone with. */
export interface Undoing {
  readonly run: Run;
  readonly journal: JournalWriter;
  readonly rowSaver: RowSaver;
}

export type MovableStep = DownStep & { readonly step: Movable };
type MovableSteps = readonly [MovableStep, ...MovableStep[]];

export function isOfMovable(ref: DownStep): ref is MovableStep {
  return isMovable(ref.step);
}

/** The first of them is the one whose turn it is. */
export async function undoMovables(work: Undoing, refs: MovableSteps): Promise<void> {
  const { run, journal } = work;
  const [first, ...others] = refs;
  const { facts } = await inspectLive(run, first.step);
  const existing = refs.filter((ref) => isThere(ref, facts));
  const started = performance.now();
  const more = others.length === 0 ? "" : `, together with ${others.length} more in the same statement`;
  run.progress({ kind: "running", title: `undo: ${first.title}${more}` });
  stopIfAsked(run);
  for (const ref of existing) {
    const undoing = undoOf(work, ref, ref.step, facts);
    // The plan knows every table that refers to this one; the live inspection does not.
    await assertFitsOldColumn(run.main, ref, ref.undo ?? undoing);
    await journal.write(ref, "intended", undoing.statement === undefined ? {} : { statement: undoing.statement.sql });
  }
  const [one, ...rest] = existing.map(({ step }) => step);
  if (one !== undefined) await sendAt(run, formatStepRef(first), putAside([one, ...rest], facts));
  await dropAside(work, refs);
  const seconds = (performance.now() - started) / 1000;
  for (const { title } of refs) run.progress({ kind: "done", title: `undo: ${title}`, seconds });
}

// --- internal ---

/** Throws CONFLICT for an object that was changed since. */
function isThere(ref: MovableStep, facts: Facts): boolean {
  const verdict = inspect(ref.step, facts);
  if (verdict.state === "conflict") throw changedUnderneath(formatStepRef(ref), verdict);
  return verdict.state === "present" || inPart(ref.step, facts);
}

function undoOf({ journal }: Undoing, { migration, number }: MovableStep, step: Movable, facts: Facts): Undo {
  return undo(step, facts, parsePrevious(entryOf(journal.entries, migration, number)));
}

/** Saves and drops what is set aside, by this run or by an earlier one that was stopped. Signals are ignored meanwhile. */
async function dropAside(work: Undoing, refs: MovableSteps): Promise<void> {
  const { rowSaver } = work;
  const run = uninterruptible(work.run);
  const { facts } = await inspectLive(run, refs[0].step);
  const [first, ...others] = refs.filter(({ step }) => liesAside(step, facts.catalog));
  if (first === undefined) return;
  const all: MovableSteps = [first, ...others];
  const table = findTable(facts.catalog, asideOf(first.step).table);
  const undoing = all.map((ref) => ({ ref, ...undoOf(work, ref, asideOf(ref.step), facts) }));
  const statements = undoing.flatMap(({ statement }) => statement ?? []);
  if (table === undefined || statements.length === 0) throw new Error(`nothing is set aside in ${first.step.table}`);
  try {
    for (const { loss, ref } of undoing)
      if (loss !== undefined)
        await rowSaver.save(untilKilled(run), ref, loss, { table, name: ref.step.table, ...columnNames(ref.step) });
    await sendAt(run, formatStepRef(first), mergeStatements(statements));
  } catch (error) {
    await putBackNow(work, all, table, facts, error);
    await rowSaver.kept();
    throw error;
  }
  await rowSaver.deleted();
}

/** Throws the error that led here if even this fails, with what can be done then. */
async function putBackNow(work: Undoing, refs: MovableSteps, table: Table, facts: Facts, error: unknown) {
  const run: Run = uninterruptible(uninterruptible(work.run));
  const [first, ...others] = refs;
  try {
    await send(run, putBack([first.step, ...others.map(({ step }) => step)], facts));
    run.progress({ kind: "warning", text: `${table.name} could not be dropped and was restored` });
  } catch {
    throw appendOutcome(
      error,
      `it is called ${table.name} now; run \`up\` to rename it back, or \`down\` to finish undoing it`,
    );
  }
  for (const ref of refs) await work.journal.write(ref, "done");
}

function columnNames(step: Movable) {
  const aside = asideOf(step);
  return step.kind === "addColumn" && aside.kind === "addColumn"
    ? { column: { name: step.column.name, from: aside.column.name } }
    : {};
}
