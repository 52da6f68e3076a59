/**
 * One repeatable brought about: the intent is written with what was there before, the statements are
 * sent, the outcome is written. Killed in between, the next run finds in the journal what the change
 * had to keep. Refused in between, what was there before is put back, and the journal says what it said.
 */
import { ServerError, isConnectionLost } from "../db/server-errors.ts";
import { withDone } from "../errors.ts";
import type { Ledger } from "../run/journal-writer.ts";
import { type Run, heedless, stopIfAsked } from "../run/run.ts";
import { send } from "../run/send-statement.ts";
import { refused } from "../run/step-errors.ts";
import type { EntryState } from "../state/journal.ts";
import { KEPT_STEP, OWN_STEP, remembered } from "../state/previous.ts";
import type { RepeatContext } from "./context.ts";
import { addGiven } from "./grants.ts";
import type { Change, SurveyedRepeatable } from "./repeatable.ts";
import { undoRepeatable } from "./undo.ts";

export interface Repeating {
  readonly run: Run;
  readonly ledger: Ledger;
  readonly context: RepeatContext;
}

/** Gives back what the journal now says of it. */
export async function executeRepeatable(work: Repeating, each: SurveyedRepeatable): Promise<EntryState> {
  const { run, ledger } = work;
  stopIfAsked(run);
  run.lease.check();
  const { live, entry } = each;
  if (live.state === "present") {
    const state = entry?.state === "intended" || entry?.state === "done" ? "done" : "found";
    await ledger.writeRow(rowOf(each, state));
    if (state === "found") run.progress({ kind: "found", title: each.title, notices: [] });
    return state;
  }
  if (live.state !== "absent" && live.state !== "different") throw new Error(`${each.name} is ${live.state}`);
  await change(work, each, live.change);
  return "done";
}

/** What was there before we first did it stays; what was given to a role adds up. */
export function beforeOf({ entry }: SurveyedRepeatable, { before }: Change): Readonly<Record<string, unknown>> {
  const isFirst = entry === undefined || entry.state === "found" || entry.state === "not done";
  return isFirst || entry.previous === null ? before : addGiven(remembered(entry), before);
}

// --- internal ---

async function change(work: Repeating, each: SurveyedRepeatable, wanted: Change): Promise<void> {
  const { run, ledger } = work;
  const started = performance.now();
  const statement = wanted.statements.map(({ sql }) => `${sql};`).join("\n");
  const previous = JSON.stringify(beforeOf(each, wanted));
  await keep(ledger, each, wanted, "intended");
  await ledger.writeRow({ ...rowOf(each, "intended"), statement, previous });
  await sendAll(work, each, wanted);
  // Before the change itself is done: cut off in between, it is made once more.
  await keep(ledger, each, wanted, "not done");
  await ledger.writeRow({ ...rowOf(each, "done"), previous });
  run.progress({ kind: "done", title: each.title, seconds: (performance.now() - started) / 1000 });
}

/** Nobody is left between the first statement and the last: a stop is heeded before and after. */
async function sendAll(work: Repeating, each: SurveyedRepeatable, wanted: Change): Promise<void> {
  const { run } = work;
  let sent = 0;
  for (const statement of wanted.statements) {
    try {
      await send(sent === 0 ? run : heedless(run), statement);
      sent++;
    } catch (error) {
      const isLost: boolean = error instanceof ServerError && isConnectionLost(error);
      const failure =
        error instanceof ServerError ? refused(run, `${run.main.database}: ${each.title}`, statement, error) : error;
      throw isLost ? failure : await asBefore(work, each, wanted, sent, failure);
    }
  }
}

/** Puts back what was there, and gives back the failure with what became of it. */
async function asBefore(work: Repeating, each: SurveyedRepeatable, wanted: Change, sent: number, failure: unknown) {
  const { ledger, run } = work;
  try {
    if (sent > 0) await putBack(work, each, wanted);
  } catch (error) {
    // Still intended: the next run makes it, with what was kept.
    const why = error instanceof Error ? error.message : String(error);
    return withDone(failure, `what was there could not be put back (${why}); the journal has its text`);
  }
  const { entry } = each;
  const row =
    entry === undefined ? rowOf(each, "not done") : { ...rowOf(each, entry.state), checksum: entry.checksum ?? "" };
  const previous = entry?.previous ?? undefined;
  await ledger.writeRow(previous === undefined ? row : { ...row, previous }).catch(() => undefined);
  await keep(ledger, each, wanted, "not done").catch(() => undefined);
  run.lease.check();
  return failure;
}

async function putBack({ run, context }: Repeating, each: SurveyedRepeatable, { before }: Change): Promise<void> {
  const entry = { migration: each.name, state: "intended", checksum: null, previous: JSON.stringify(before) } as const;
  const { statements } = await undoRepeatable(run.main, entry, context);
  for (const statement of statements) await send(heedless(run), statement);
}

/** Nothing is kept any more where it says "not done"; its text stays, for a person. A run of `up` may not delete rows. */
async function keep(
  ledger: Ledger,
  { name, title, checksum }: SurveyedRepeatable,
  { keep: kept }: Change,
  state: EntryState,
): Promise<void> {
  if (kept === undefined) return;
  const what = `kept while ${title} is replaced`;
  const previous = JSON.stringify(kept);
  await ledger.writeRow({ migration: name, step: KEPT_STEP, what, state, checksum, previous });
}

function rowOf({ name, title, checksum }: SurveyedRepeatable, state: EntryState) {
  return { migration: name, step: OWN_STEP, what: title, state, checksum };
}
