/**
 * Runs one repeatable: writes the intent with the earlier form, sends the statements, writes the outcome. Killed in
 * between, the next run finds in the journal what the change had to keep. Refused in between, the earlier form is
 * restored, and so is its journal row.
 */
import { ServerError, isConnectionLost } from "../db/server-errors.ts";
import { appendOutcome, messageOf } from "../errors.ts";
import type { JournalWriter } from "../run/journal-writer.ts";
import { type Run, stopIfAsked, uninterruptible } from "../run/run.ts";
import { send } from "../run/send-statement.ts";
import { refused } from "../run/step-errors.ts";
import type { EntryState } from "../state/journal.ts";
import { SELF_STEP, UNDO_STEP, parsePrevious } from "../state/previous.ts";
import type { RepeatableContext } from "./context.ts";
import { addGiven } from "./grants.ts";
import type { Change, PlannedRepeatable } from "./repeatable.ts";
import { undoRepeatable } from "./undo.ts";

export interface RepeatableExecution {
  readonly run: Run;
  readonly journal: JournalWriter;
  readonly context: RepeatableContext;
}

/** Returns the new state in the journal. */
export async function executeRepeatable(work: RepeatableExecution, each: PlannedRepeatable): Promise<EntryState> {
  const { run, journal } = work;
  stopIfAsked(run);
  run.lease.check();
  const { live, entry } = each;
  if (live.state === "present") {
    const state = entry?.state === "intended" || entry?.state === "done" ? "done" : "found";
    await journal.writeRow(rowOf(each, state));
    if (state === "found") run.progress({ kind: "adopted", title: each.title, how: "already there", notices: [] });
    return state;
  }
  if (live.state !== "absent" && live.state !== "different") throw new Error(`${each.name} is ${live.state}`);
  await change(work, each, live.change);
  return "done";
}

/** What `down` has to restore: the form before our first change. Privileges given to a role add up. */
export function beforeOf({ entry }: PlannedRepeatable, { before }: Change): Readonly<Record<string, unknown>> {
  const isFirst = entry === undefined || entry.state === "found" || entry.state === "not done";
  return isFirst || entry.previous === null ? before : addGiven(parsePrevious(entry), before);
}

// --- internal ---

async function change(work: RepeatableExecution, each: PlannedRepeatable, wanted: Change): Promise<void> {
  const { run, journal } = work;
  const started = performance.now();
  const statement = wanted.statements.map(({ sql }) => `${sql};`).join("\n");
  const previous = JSON.stringify(beforeOf(each, wanted));
  await keep(journal, each, wanted, "intended");
  await journal.writeRow({ ...rowOf(each, "intended"), statement, previous });
  await sendAll(work, each, wanted);
  // Written before the change is recorded as done: if it is cut off in between, the change runs once more.
  await keep(journal, each, wanted, "not done");
  await journal.writeRow({ ...rowOf(each, "done"), previous });
  run.progress({ kind: "done", title: each.title, seconds: (performance.now() - started) / 1000 });
}

/** Signals are honoured only before the first and after the last statement. */
async function sendAll(work: RepeatableExecution, each: PlannedRepeatable, wanted: Change): Promise<void> {
  const { run } = work;
  let sent = 0;
  for (const statement of wanted.statements) {
    try {
      await send(sent === 0 ? run : uninterruptible(run), statement);
      sent++;
    } catch (error) {
      const isLost: boolean = error instanceof ServerError && isConnectionLost(error);
      const failure =
        error instanceof ServerError ? refused(run, `${run.main.database}: ${each.title}`, statement, error) : error;
      throw isLost ? failure : await restoreAfterFailure(work, each, wanted, sent, failure);
    }
  }
}

/** Restores the earlier form, and returns the failure with the outcome. */
async function restoreAfterFailure(
  work: RepeatableExecution,
  each: PlannedRepeatable,
  wanted: Change,
  sent: number,
  failure: unknown,
) {
  const { journal, run } = work;
  try {
    if (sent > 0) await restore(work, each, wanted);
  } catch (error) {
    // The row stays intended: the next run creates the procedure, from what was kept.
    const why = messageOf(error);
    return appendOutcome(failure, `the earlier form could not be restored (${why}); its text is in the journal`);
  }
  const { entry } = each;
  const row =
    entry === undefined ? rowOf(each, "not done") : { ...rowOf(each, entry.state), checksum: entry.checksum ?? "" };
  const previous = entry?.previous ?? undefined;
  await journal.writeRow(previous === undefined ? row : { ...row, previous }).catch(() => undefined);
  await keep(journal, each, wanted, "not done").catch(() => undefined);
  run.lease.check();
  return failure;
}

async function restore(
  { run, context }: RepeatableExecution,
  each: PlannedRepeatable,
  { before }: Change,
): Promise<void> {
  const entry = { migration: each.name, state: "intended", checksum: null, previous: JSON.stringify(before) } as const;
  const { statements } = await undoRepeatable(run.main, entry, context);
  for (const statement of statements) await send(uninterruptible(run), statement);
}

/** With the state "not done" the row counts as empty; its text stays for a person. `up` may not delete rows. */
async function keep(
  journal: JournalWriter,
  { name, title, checksum }: PlannedRepeatable,
  { keep: kept }: Change,
  state: EntryState,
): Promise<void> {
  if (kept === undefined) return;
  const what = `kept while ${title} is replaced`;
  const previous = JSON.stringify(kept);
  await journal.writeRow({ migration: name, step: UNDO_STEP, what, state, checksum, previous });
}

function rowOf({ name, title, checksum }: PlannedRepeatable, state: EntryState) {
  return { migration: name, step: SELF_STEP, what: title, state, checksum };
}
