/**
 * One step of one migration. The catalog is asked first, the intent is written, the statement is
 * sent, the catalog is asked again, the outcome is written. Killed anywhere in between, the next run
 * comes to the same end: what is intended and present was done by us.
 */
import { spellDifference } from "../catalog/difference.ts";
import { ServerError, isConnectionLost, isDuplicateObject } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { countOrphans, orphans, refuseOrphans } from "../plan/guards.ts";
import { type Rendered, renderJoining, statementFor } from "../plan/instant-batch.ts";
import type { Ledger } from "../run/journal-writer.ts";
import { type Run, stopIfAsked } from "../run/run.ts";
import { send } from "../run/send-statement.ts";
import { changedUnderneath, notBroughtAbout, refused } from "../run/step-errors.ts";
import { type Place, spellPlace } from "../run/step-ref.ts";
import type { EntryState } from "../state/journal.ts";
import type { Conflict, Facts, Guard, Statement, Verdict } from "../steps/contract.ts";
import { guard, title } from "../steps/index.ts";
import { mergeInstant } from "../steps/merge.ts";
import { look } from "./inspect-live.ts";

export interface Execution {
  readonly run: Run;
  readonly ledger: Ledger;
  /** Makes again what the journal records and the catalog lacks. */
  readonly repair: boolean;
}

type Places = readonly [Place, ...Place[]];

/** Brings one step about and gives back what the journal now says of it. `rest` comes after it in this run. */
export async function executeStep(work: Execution, place: Place, rest: readonly Place[]): Promise<EntryState> {
  const { run } = work;
  stopIfAsked(run);
  run.lease.check();
  const { step } = place;
  const { facts, verdict } = await look(
    run,
    step,
    rest.map((each) => each.step),
  );
  const state = work.ledger.stateOf(place);
  if (verdict.state === "conflict") {
    const additions = work.repair ? addable(verdict.conflicts) : undefined;
    if (additions === undefined || state === undefined || state === "not done")
      throw changedUnderneath(spellPlace(place), verdict);
    return mend(work, place, additions, state);
  }
  if (verdict.state === "absent") {
    const first = { place, statement: statementFor(step, facts) };
    return bringAbout(work, facts, [first, ...renderJoining(first, rest, facts)], rest);
  }
  const guarded = guard(step, facts);
  // Cut off between the statement and the second count, the count is still owed.
  if (state === "intended" && guarded !== undefined) await undoIfOrphaned(work, [place], guarded);
  return adopt(work, place, verdict);
}

async function adopt(
  { run, ledger }: Execution,
  place: Place,
  verdict: Extract<Verdict, { state: "present" }>,
): Promise<EntryState> {
  const before = ledger.stateOf(place);
  const state = before === "intended" || before === "done" ? "done" : "found";
  if (state !== before) await ledger.write(place, state);
  if (state === "found") {
    run.progress({ kind: "found", title: title(place.step), notices: verdict.notices.map(spellDifference) });
  }
  return state;
}

/** Several steps have one statement where it is made of their instant clauses. */
async function bringAbout(
  work: Execution,
  facts: Facts,
  steps: readonly [Rendered, ...Rendered[]],
  rest: readonly Place[],
): Promise<EntryState> {
  const { run, ledger } = work;
  const [first] = steps;
  const places: Places = [first.place, ...steps.slice(1).map(({ place }) => place)];
  const statement = steps.length === 1 ? first.statement : mergeInstant(steps.map((each) => each.statement));
  const where = spellPlace(first.place);
  const words = { place: first.place, done: "this step was not begun", again: run.again };
  if (statement.guard !== undefined) await refuseOrphans(run.main, statement.guard, words);
  const intendedBefore = new Set(places.filter((place) => ledger.stateOf(place) === "intended"));
  for (const { place, statement: own } of steps) {
    const previous = own.before === undefined ? {} : { previous: JSON.stringify(own.before) };
    await ledger.write(place, "intended", { statement: statement.sql, ...previous });
  }
  const started = performance.now();
  const more = places.length === 1 ? "" : `, and ${places.length - 1} more changes in the same statement`;
  run.progress({ kind: "running", title: `${title(first.place.step)}${more}` });
  const duplicate = await sendIntended(work, where, places, statement);
  if (duplicate !== undefined) {
    // The server did none of it. What is there was made by somebody else, unless an earlier run may have made it.
    const there = await thoseThere(run, places);
    const notOurs = places.filter((place) => !there.has(place) || !intendedBefore.has(place));
    for (const place of notOurs) await ledger.write(place, "not done");
    if (there.size > 0) return executeStep(work, first.place, rest);
    throw refused(run, where, statement, duplicate);
  }
  for (const { step } of places) {
    const { verdict } = await look(run, step, facts.later);
    if (verdict.state !== "present") throw notBroughtAbout(where, verdict);
  }
  if (statement.guard !== undefined) await undoIfOrphaned(work, places, statement.guard);
  const seconds = (performance.now() - started) / 1000;
  for (const place of places) {
    await ledger.write(place, "done");
    run.progress({ kind: "done", title: title(place.step), seconds });
  }
  return "done";
}

/** Those in whose place there is something now, be it what they would make or not. */
async function thoseThere(run: Run, places: Places): Promise<ReadonlySet<Place>> {
  const there = new Set<Place>();
  for (const place of places) if ((await look(run, place.step)).verdict.state !== "absent") there.add(place);
  return there;
}

/**
 * Gives back the server's refusal where it says that the object is there: somebody else, or an
 * earlier run of ours, got there first, and the catalog has to decide. After any other definite
 * refusal the steps are recorded as not done, so that what somebody makes later is not called ours.
 */
async function sendIntended(
  { run, ledger }: Execution,
  where: string,
  places: readonly Place[],
  statement: Statement,
): Promise<ServerError | undefined> {
  const notDone = async () => {
    for (const place of places) await ledger.write(place, "not done").catch(() => undefined);
  };
  try {
    await send(run, statement);
    return undefined;
  } catch (error) {
    if (error instanceof ServerError && isDuplicateObject(error)) return error;
    if (!(error instanceof ServerError)) {
      if (error instanceof MigrateError) await notDone();
      throw error;
    }
    const isLost: boolean = isConnectionLost(error);
    if (!isLost) await notDone();
    throw refused(run, where, statement, error);
  }
}

/** With checks off, a row that was written while the key was added has never been checked. */
async function undoIfOrphaned({ run, ledger }: Execution, places: Places, guarded: Guard): Promise<void> {
  const found = await countOrphans(run.main, guarded);
  if (found === 0) return;
  const words = { place: places[0], again: run.again };
  try {
    await send(run, guarded.undo);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const done = `written while the statement ran, and it could not be taken back (${why})`;
    throw orphans(guarded, found, { ...words, done });
  }
  for (const place of places) await ledger.write(place, "not done");
  throw orphans(guarded, found, { ...words, done: "written while the statement ran; the change was taken back" });
}

/** The statements that add what is missing; undefined where adding is not all that would have to be done. */
function addable(conflicts: readonly Conflict[]): Statement[] | undefined {
  const additions = conflicts.flatMap(({ add }) => add ?? []);
  return additions.length === conflicts.length ? additions : undefined;
}

/** Adds to something of ours what somebody took out of it. Whose the whole is stays as it was recorded. */
async function mend(
  { run, ledger }: Execution,
  place: Place,
  additions: readonly Statement[],
  state: EntryState,
): Promise<EntryState> {
  const where = spellPlace(place);
  for (const statement of additions) {
    stopIfAsked(run);
    const words = { place, done: "it was not mended", again: run.again };
    if (statement.guard !== undefined) await refuseOrphans(run.main, statement.guard, words);
    run.progress({ kind: "running", title: `mend ${title(place.step)}` });
    await send(run, statement).catch((error: unknown) => {
      throw error instanceof ServerError ? refused(run, where, statement, error) : error;
    });
  }
  const { verdict } = await look(run, place.step);
  if (verdict.state !== "present") throw notBroughtAbout(where, verdict);
  await ledger.write(place, state);
  return state;
}
