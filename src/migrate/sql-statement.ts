/**
 * Runs and undoes one statement of a facility's .sql file. It is journaled before and after like any other; where it has no
 * probe, a statement that was cut off stays unknown until a person settles it.
 */
import { count } from "../db/count.ts";
import { ServerError, isConnectionLost, isKilled } from "../db/server-errors.ts";
import type { DownStep } from "../plan/down-step.ts";
import type { PlannedStep } from "../plan/plan.ts";
import { isWithoutWitness } from "../plan/unknown.ts";
import { unknownOutcome } from "../preflight/unknown.ts";
import type { JournalWriter } from "../run/journal-writer.ts";
import { type Run, stopIfAsked } from "../run/run.ts";
import { send } from "../run/send-statement.ts";
import { refused } from "../run/step-errors.ts";
import { ADOPTED, type EntryState, entryOf } from "../state/journal.ts";
import type { Statement } from "../steps/contract.ts";
import { present, render, title } from "../steps/index.ts";
import { type StepRef, formatStepRef } from "../steps/step-ref.ts";
import type { SqlStatement } from "../steps/step.ts";
import { inspectLive } from "./inspect-live.ts";
import { type Ahead, type RanStatement, lookAhead, ranStatement } from "./measure.ts";

interface Work {
  readonly run: Run;
  readonly journal: JournalWriter;
  readonly repair?: boolean;
  /** Each statement that was sent. */
  readonly ran?: RanStatement[];
}

/** Returns its new state in the journal. What is recorded as done is looked at again only by a repair. */
export async function runSqlStatement(work: Work, ref: PlannedStep, step: SqlStatement): Promise<EntryState> {
  const { run, journal, repair = false } = work;
  const before = journal.stateOf(ref);
  assertKnown(work, ref);
  const isSettled = before !== undefined && before !== "intended" && before !== "not done";
  if (isSettled && !(repair && ref.verdict.state === "absent")) return before;
  if (await isThere(run, step)) {
    const state = before === "intended" || before === "done" ? "done" : ADOPTED;
    await journal.write(ref, state);
    if (state !== "done") run.progress({ kind: "adopted", title: title(step), how: present(step), notices: [] });
    return state;
  }
  const { facts } = await inspectLive(run, step);
  const statement = render(step, facts);
  const ahead = await lookAhead(run, ref, statement);
  const seconds = await sendJournaled(work, { ...ref, shown: title(step) }, statement, () => isThere(run, step), ahead);
  await journal.write(ref, "done");
  work.ran?.push(ranStatement([ref], statement, ahead, seconds));
  return "done";
}

/** Sends what the file beside it says; the caller deletes the record. */
export async function undoSqlStatement(work: Work, ref: DownStep, step: SqlStatement): Promise<void> {
  assertKnown(work, ref);
  if (step.probe !== undefined && !(await isThere(work.run, step))) return;
  const statement = ref.undo?.statement;
  if (statement === undefined) return;
  const isGone = async () => step.probe !== undefined && !(await isThere(work.run, step));
  await sendJournaled(work, { ...ref, shown: `undo: ${title(step)}` }, statement, isGone);
}

// --- internal ---

/** Before a statement is sent, the journal must know what came of the last one. */
function assertKnown({ run, journal }: Work, ref: StepRef): void {
  const entry = entryOf(journal.entries, ref.migration, ref.number);
  if (entry?.state === "intended" && isWithoutWitness(ref.step))
    throw unknownOutcome(run.main.database, [{ ...ref, entry }]);
}

async function isThere(run: Run, { probe }: SqlStatement): Promise<boolean> {
  return probe !== undefined && (await count(run.main, probe.sql)) > 0;
}

/**
 * Intent, statement; returns the seconds that it worked. A refusal of the server is recorded; where the answer was lost, the
 * step stays intended.
 */
async function sendJournaled(
  { run, journal }: Work,
  ref: StepRef & { readonly shown: string },
  statement: Statement,
  tookEffect: () => Promise<boolean>,
  ahead?: Ahead,
): Promise<number> {
  stopIfAsked(run);
  await journal.write(ref, "intended", { statement: statement.sql });
  const started = performance.now();
  run.progress({ kind: "running", title: ref.shown });
  let seconds: number;
  try {
    seconds = await send(run, statement, ahead?.lease);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const isLost: boolean = isConnectionLost(error);
    // A kill may come when only the answer is left.
    const isOpen =
      isLost || (isKilled(error) && (isWithoutWitness(ref.step) || (await tookEffect().catch(() => true))));
    if (!isOpen) await journal.write(ref, "not done").catch(() => undefined);
    throw refused(run, formatStepRef(ref), statement, error);
  }
  run.progress({ kind: "done", title: ref.shown, seconds: (performance.now() - started) / 1000 });
  return seconds;
}
