/**
 * Runs one step of one migration: read the catalog, write the intent, send the statement, read the catalog again,
 * write the outcome. Killed anywhere in between, the next run comes to the same end: a step that is intended and
 * present was done by us.
 */
import { formatDifference } from "../catalog/difference.ts";
import { ServerError, isConnectionLost, isDuplicateObject, isKilled } from "../db/server-errors.ts";
import { MigrateError, messageOf } from "../errors.ts";
import { assertNoneForbidden, countForbidden, guardFailure } from "../plan/guards.ts";
import { type Rendered, madeTogether, renderTogether } from "../plan/join-steps.ts";
import type { PlannedStep } from "../plan/plan.ts";
import { repairsOf } from "../plan/repairs.ts";
import type { JournalWriter } from "../run/journal-writer.ts";
import { type Run, stopIfAsked } from "../run/run.ts";
import { send } from "../run/send-statement.ts";
import { changedUnderneath, effectMissing, refused } from "../run/step-errors.ts";
import type { EntryState } from "../state/journal.ts";
import type { Facts, Guard, Statement, Verdict } from "../steps/contract.ts";
import { guard, present, title } from "../steps/index.ts";
import { mergeStatements } from "../steps/merge.ts";
import { type StepRef, formatStepRef } from "../steps/step-ref.ts";
import { inspectAllLive, inspectLive } from "./inspect-live.ts";
import { type RanStatement, lookAhead, measuredHere, ranStatement } from "./measure.ts";
import { repairStep } from "./repair-step.ts";
import { runSqlStatement } from "./sql-statement.ts";

export interface Execution {
  readonly run: Run;
  readonly journal: JournalWriter;
  /** Creates again what the journal records and the catalog lacks. */
  readonly repair: boolean;
  /** Each statement that was sent. */
  readonly ran: RanStatement[];
}

/** The steps of one statement; the first is the one that was asked for. */
type StepRefs = readonly [StepRef, ...StepRef[]];

/** Runs one step and returns its new state in the journal. `rest` are the later steps of this run. */
export async function executeStep(
  work: Execution,
  ref: PlannedStep,
  rest: readonly PlannedStep[],
): Promise<EntryState> {
  const { run } = work;
  stopIfAsked(run);
  run.lease.check();
  const { step } = ref;
  if (step.kind === "sqlStatement") return runSqlStatement(work, ref, step);
  const joined = madeTogether(ref, rest);
  const stepOf = (each: StepRef) => each.step;
  const { facts, verdict } = await inspectLive(run, step, rest.map(stepOf), joined.map(stepOf));
  const state = work.journal.stateOf(ref);
  if (verdict.state === "conflict") {
    const missing = work.repair ? repairsOf(verdict.conflicts) : undefined;
    if (missing === undefined || state === undefined || state === "not done")
      throw changedUnderneath(formatStepRef(ref), verdict);
    return repairStep(work, ref, missing, state);
  }
  if (verdict.state === "absent") return applyStatement(work, facts, renderTogether(ref, joined, facts), rest);
  const guarded = guard(step, facts);
  // A run that was cut off between the statement and the second count still has to count.
  if (state === "intended" && guarded !== undefined) await undoIfForbidden(work, ref, guarded);
  return adopt(work, ref, verdict);
}

async function adopt(
  { run, journal }: Execution,
  ref: StepRef,
  verdict: Extract<Verdict, { state: "present" }>,
): Promise<EntryState> {
  const before = journal.stateOf(ref);
  const state = before === "intended" || before === "done" ? "done" : "found";
  if (state !== before) await journal.write(ref, state);
  if (state === "found") {
    const { notices } = verdict;
    const how = present(ref.step, verdict);
    run.progress({ kind: "adopted", title: title(ref.step), how, notices: notices.map(formatDifference) });
  }
  return state;
}

/** Several steps share one statement if it joins their changes. */
async function applyStatement(
  work: Execution,
  facts: Facts,
  steps: readonly [Rendered<PlannedStep>, ...Rendered[]],
  rest: readonly PlannedStep[],
): Promise<EntryState> {
  const { run, journal } = work;
  const [first] = steps;
  const refs: StepRefs = [first.ref, ...steps.slice(1).map(({ ref }) => ref)];
  const statement = mergeStatements(steps.map((each) => each.statement));
  const where = formatStepRef(first.ref);
  stopIfAsked(run);
  for (const { ref, guard: each } of guardsOf(steps))
    await assertNoneForbidden(run.main, each, { ref, done: "this step was not begun", retry: run.retry });
  const ahead = await lookAhead(run, first.ref, statement);
  const intendedBefore = new Set(refs.filter((ref) => journal.stateOf(ref) === "intended"));
  for (const { ref, statement: own } of steps) {
    const previous = own.before === undefined ? {} : { previous: JSON.stringify(own.before) };
    await journal.write(ref, "intended", { statement: statement.sql, ...previous });
  }
  const started = performance.now();
  const more = refs.length === 1 ? "" : `, together with ${refs.length - 1} more in the same statement`;
  run.progress({ kind: "running", title: `${title(first.ref.step)}${more}` });
  const answer = await sendIntended(work, refs, statement, ahead.lease);
  if (answer instanceof ServerError) {
    // The server did nothing. Existing objects were created by another session, or by an earlier run of ours.
    const there = await existingAmong(run, refs);
    const notOurs = refs.filter((ref) => !there.has(ref) || !intendedBefore.has(ref));
    for (const ref of notOurs) await journal.write(ref, "not done");
    if (there.size > 0) return executeStep(work, first.ref, rest);
    throw refused(run, where, statement, answer);
  }
  const sent = refs.map(({ step }) => step);
  for (const verdict of await inspectAllLive(run, sent, facts.later)) {
    if (verdict.state !== "present") throw effectMissing(where, verdict);
  }
  const took = (performance.now() - started) / 1000;
  const ran = ranStatement(refs, statement, ahead, answer);
  const measured = measuredHere(ran, run);
  for (const { ref, statement: own } of steps) {
    for (const each of own.guards ?? []) await undoIfForbidden(work, ref, each);
    await journal.write(ref, "done", ref === first.ref && measured !== undefined ? { measured } : {});
    run.progress({ kind: "done", title: title(ref.step), seconds: took });
  }
  work.ran.push(ran);
  return "done";
}

/** The counts of each step. */
function guardsOf(steps: readonly Rendered[]): { ref: StepRef; guard: Guard }[] {
  return steps.flatMap(({ ref, statement: { guards = [] } }) => guards.map((each) => ({ ref, guard: each })));
}

/** The steps whose object exists now, in the wanted form or in another. */
async function existingAmong(run: Run, refs: StepRefs): Promise<ReadonlySet<StepRef>> {
  const verdicts = await inspectAllLive(
    run,
    refs.map(({ step }) => step),
  );
  return new Set(refs.filter((_, at) => verdicts[at]?.state !== "absent"));
}

/**
 * Returns the seconds that the statement worked, or the server's refusal if it says that the object already exists: another
 * session or an earlier run of ours created it, and the catalog decides. After any other definite refusal the steps are
 * recorded as not done, so that an object that is created later by hand is not called ours.
 */
async function sendIntended(
  { run, journal }: Execution,
  refs: StepRefs,
  statement: Statement,
  lease: number,
): Promise<ServerError | number> {
  const notDone = async (done?: ReadonlySet<StepRef>) => {
    for (const ref of refs) if (done?.has(ref) !== true) await journal.write(ref, "not done").catch(() => undefined);
  };
  try {
    return await send(run, statement, lease);
  } catch (error) {
    if (error instanceof ServerError && isDuplicateObject(error)) return error;
    if (!(error instanceof ServerError)) {
      if (error instanceof MigrateError) await notDone();
      throw error;
    }
    const isLost: boolean = isConnectionLost(error);
    // A kill that arrives when only the answer is left is no refusal: the step stays intended.
    const done = isKilled(error) ? await existingAmong(run, refs).catch(() => new Set(refs)) : undefined;
    if (!isLost) await notDone(done);
    throw refused(run, formatStepRef(refs[0]), statement, error);
  }
}

/** With checks off, rows written while the key was added were never checked. */
async function undoIfForbidden({ run, journal }: Execution, ref: StepRef, guarded: Guard): Promise<void> {
  const rows = await countForbidden(run.main, guarded);
  if (rows === 0) return;
  const words = { ref, retry: run.retry };
  try {
    await send(run, guarded.undo);
  } catch (error) {
    const why = messageOf(error);
    const done = `other sessions wrote these rows while the statement ran, and the change could not be undone (${why})`;
    throw guardFailure(guarded, rows, { ...words, done });
  }
  await journal.write(ref, "not done");
  throw guardFailure(guarded, rows, {
    ...words,
    done: "other sessions wrote these rows while the statement ran; the change was undone",
  });
}
