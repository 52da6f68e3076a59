/**
 * One step of one migration. The catalog is asked first, the intent is written, the statement is
 * sent, the catalog is asked again, the outcome is written. Killed anywhere in between, the next run
 * comes to the same end: what is intended and present was done by us.
 */
import { introspect } from "../catalog/introspect.ts";
import { spellDifference } from "../catalog/difference.ts";
import { ServerError, isConnectionLost, isDuplicateObject } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { guard, inspect, render, tablesOf, title } from "../steps/index.ts";
import type { Facts, Guard, Statement, Step, Verdict } from "../steps/step.ts";
import { type EntryState, record } from "./journal.ts";
import { countOrphans, orphans, refuseOrphans } from "./orphans.ts";
import { type Run, stopIfAsked } from "./run.ts";
import { send } from "./statement.ts";
import { changedUnderneath, notBroughtAbout, refused } from "./step-errors.ts";

export interface Place {
  readonly migration: string;
  /** Counted from 1. */
  readonly number: number;
  /** What the journal says of this step before. */
  readonly state?: EntryState;
}

/** Brings one step about and gives back what the journal now says of it. */
export async function executeStep(run: Run, step: Step, place: Place): Promise<EntryState> {
  stopIfAsked(run);
  run.lease.check();
  const { facts, verdict } = await look(run, step);
  if (verdict.state === "conflict") throw changedUnderneath(spell(step, place), verdict);
  if (verdict.state === "absent") return bringAbout(run, step, place, render(step, facts));
  const guarded = guard(step, facts);
  // Cut off between the statement and the second count, the count is still owed.
  if (place.state === "intended" && guarded !== undefined) await undoIfOrphaned(run, step, place, guarded);
  return adopt(run, step, place, verdict);
}

async function look(run: Run, step: Step): Promise<{ facts: Facts; verdict: Verdict }> {
  const catalog = await introspect(run.main, run.server.dialect, { tables: tablesOf(step) });
  const facts = { catalog, dialect: run.server.dialect };
  return { facts, verdict: inspect(step, facts) };
}

async function adopt(
  run: Run,
  step: Step,
  place: Place,
  verdict: Extract<Verdict, { state: "present" }>,
): Promise<EntryState> {
  const state = place.state === "intended" || place.state === "done" ? "done" : "found";
  if (state !== place.state) await write(run, step, place, state);
  if (state === "found") {
    run.progress({ kind: "found", title: title(step), notices: verdict.notices.map(spellDifference) });
  }
  return state;
}

async function bringAbout(run: Run, step: Step, place: Place, statement: Statement): Promise<EntryState> {
  const where = spell(step, place);
  if (statement.guard !== undefined) {
    await refuseOrphans(run.main, statement.guard, where, "the foreign key was not added");
  }
  await write(run, step, place, "intended", statement.sql);
  const started = performance.now();
  run.progress({ kind: "running", title: title(step) });
  const refusal = await sendIntended(run, step, place, statement);
  const { verdict } = await look(run, step);
  if (verdict.state !== "present") throw notBroughtAbout(where, verdict, refusal);
  if (statement.guard !== undefined && refusal === undefined) await undoIfOrphaned(run, step, place, statement.guard);
  await write(run, step, place, "done");
  run.progress({ kind: "done", title: title(step), seconds: (performance.now() - started) / 1000 });
  return "done";
}

/**
 * Gives back the server's refusal where it says that the object is there: somebody else, or an
 * earlier run of ours, got there first, and the catalog has to decide. After any other definite
 * refusal the step is recorded as not done, so that what somebody makes later is not called ours.
 */
async function sendIntended(
  run: Run,
  step: Step,
  place: Place,
  statement: Statement,
): Promise<ServerError | undefined> {
  try {
    await send(run, statement);
    return undefined;
  } catch (error) {
    if (error instanceof ServerError && isDuplicateObject(error)) return error;
    if (!(error instanceof ServerError)) {
      if (error instanceof MigrateError) await write(run, step, place, "not done").catch(() => undefined);
      throw error;
    }
    const isLost: boolean = isConnectionLost(error);
    if (!isLost) await write(run, step, place, "not done").catch(() => undefined);
    throw refused(spell(step, place), step, error, statement);
  }
}

/** With checks off, a row that was written while the key was added has never been checked. */
async function undoIfOrphaned(run: Run, step: Step, place: Place, guarded: Guard): Promise<void> {
  const found = await countOrphans(run.main, guarded);
  if (found === 0) return;
  const where = spell(step, place);
  try {
    await send(run, guarded.undo);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw orphans(
      guarded,
      found,
      where,
      `written while the key was being added, and it could not be taken back (${why})`,
    );
  }
  await write(run, step, place, "not done");
  throw orphans(guarded, found, where, "written while the key was being added; the key was taken back");
}

function write(run: Run, step: Step, place: Place, state: EntryState, statement?: string): Promise<void> {
  return record(run.main, run.server, run.lease, {
    migration: place.migration,
    step: place.number,
    what: title(step),
    state,
    ...(statement === undefined ? {} : { statement }),
  });
}

function spell(step: Step, { migration, number }: Place): string {
  return `${migration} step ${number}: ${title(step)}`;
}
