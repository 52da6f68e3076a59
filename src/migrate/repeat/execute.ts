/**
 * One repeatable brought about: the intent is written with what was there before, the statements are
 * sent, the outcome is written. Killed in between, the next run finds in the journal what the change
 * had to keep. Refused in between, what was there before is put back at once.
 */
import { ServerError, isConnectionLost } from "../../db/server-errors.ts";
import type { Statement } from "../../steps/contract.ts";
import type { EntryState } from "../journal.ts";
import type { Ledger } from "../ledger.ts";
import { type Run, stopIfAsked } from "../run.ts";
import { send } from "../statement.ts";
import { refused } from "../step-errors.ts";
import { type Change, KEPT_STEP, OWN_STEP, type SurveyedRepeatable } from "./repeatable.ts";
import type { RepeatContext } from "./survey.ts";
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

// --- internal ---

async function change(work: Repeating, each: SurveyedRepeatable, { before, keep, statements }: Change): Promise<void> {
  const { run, ledger } = work;
  const started = performance.now();
  const statement = statements.map(({ sql }) => `${sql};`).join("\n");
  if (keep !== undefined) await ledger.writeRow({ ...keptRow(each, "intended"), previous: JSON.stringify(keep) });
  const previous = JSON.stringify(merged(each, before));
  await ledger.writeRow({ ...rowOf(each, "intended"), statement, previous });
  await sendAll(work, each, statements);
  // Before the change itself is done: cut off in between, it is made once more.
  if (keep !== undefined) await ledger.writeRow(keptRow(each, "not done"));
  await ledger.writeRow({ ...rowOf(each, "done"), previous });
  run.progress({ kind: "done", title: each.title, seconds: (performance.now() - started) / 1000 });
}

/** Nobody is left between the first statement and the last: a stop is heeded before and after. */
async function sendAll(work: Repeating, each: SurveyedRepeatable, statements: readonly Statement[]): Promise<void> {
  const { run, ledger } = work;
  let sent = 0;
  for (const statement of statements) {
    try {
      await send(sent === 0 ? run : heedless(run), statement);
      sent++;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      const isLost: boolean = isConnectionLost(error);
      if (!isLost) {
        if (sent > 0) await putBack(work, each);
        await ledger.writeRow(rowOf(each, "not done")).catch(() => undefined);
        if (isKeeping(each)) await ledger.writeRow(keptRow(each, "not done")).catch(() => undefined);
      }
      throw refused(run, `${run.main.database}: ${each.title}`, statement, error);
    }
  }
}

async function putBack({ run, context }: Repeating, each: SurveyedRepeatable): Promise<void> {
  const { live } = each;
  if (live.state !== "absent" && live.state !== "different") return;
  const entry = {
    migration: each.name,
    state: "intended",
    checksum: null,
    previous: JSON.stringify(live.change.before),
  } as const;
  for (const statement of await undoRepeatable(run.main, entry, context)) await send(heedless(run), statement);
}

function isKeeping({ live }: SurveyedRepeatable): boolean {
  return "change" in live && live.change.keep !== undefined;
}

/** Nothing is kept any more where it says "not done": a run of `up` may not delete rows. */
function keptRow({ name, title, checksum }: SurveyedRepeatable, state: EntryState) {
  return { migration: name, step: KEPT_STEP, what: `kept while ${title} is replaced`, state, checksum };
}

function rowOf({ name, title, checksum }: SurveyedRepeatable, state: EntryState) {
  return { migration: name, step: OWN_STEP, what: title, state, checksum };
}

/** What was there before we first did it stays; what was given to a role adds up. */
function merged({ entry }: SurveyedRepeatable, before: Change["before"]): Readonly<Record<string, unknown>> {
  const isFirst =
    entry?.previous === null || entry === undefined || entry.state === "found" || entry.state === "not done";
  if (isFirst) return before;
  const first = JSON.parse(entry.previous) as Readonly<Record<string, unknown>>;
  const given = [first["given"], before["given"]].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return given.length === 0 ? first : { ...first, given };
}

function heedless(run: Run): Run {
  const never = new AbortController().signal;
  return { ...run, signals: { stop: never, kill: never } };
}
