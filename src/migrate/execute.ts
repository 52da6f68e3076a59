/**
 * One step of one migration. The catalog is asked first, the intent is written, the statement is
 * sent, the catalog is asked again, the outcome is written. Killed anywhere in between, the next run
 * comes to the same end: what is intended and present was done by us.
 */
import { introspect } from "../catalog/introspect.ts";
import { ServerError, isAlgorithmRefused, isConnectionLost, isDuplicateObject } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { id } from "../sql.ts";
import { inspect, render, tablesOf, title } from "../steps/index.ts";
import type { Guard, Statement, Step, Verdict } from "../steps/step.ts";
import { type Recorded, record } from "./journal.ts";
import { orphans, spellDifference } from "./preflight.ts";
import { type Run, stopIfAsked } from "./run.ts";
import { send } from "./statement.ts";

export interface Place {
  readonly migration: string;
  /** Counted from 1. */
  readonly number: number;
  /** What the journal says of this step before. */
  readonly recorded?: Recorded;
}

/** Brings one step about and gives back what the journal now says of it. */
export async function executeStep(run: Run, step: Step, place: Place): Promise<Recorded> {
  stopIfAsked(run);
  run.lease.check();
  const { verdict, statement } = await look(run, step);
  if (verdict.state === "conflict") throw changedUnderneath(step, place, verdict);
  if (verdict.state === "present") return adopt(run, step, place, verdict);
  if (statement === undefined) throw new Error("an absent step has a statement");
  return bringAbout(run, step, place, statement);
}

async function look(run: Run, step: Step): Promise<{ verdict: Verdict; statement?: Statement }> {
  const catalog = await introspect(run.main, run.server.dialect, { tables: tablesOf(step) });
  const facts = { catalog, dialect: run.server.dialect };
  const verdict = inspect(step, facts);
  return verdict.state === "absent" ? { verdict, statement: render(step, facts) } : { verdict };
}

async function adopt(
  run: Run,
  step: Step,
  place: Place,
  verdict: Extract<Verdict, { state: "present" }>,
): Promise<Recorded> {
  const state = place.recorded === "intended" ? "done" : (place.recorded ?? "found");
  if (state !== place.recorded) await write(run, step, place, state);
  if (state === "found")
    run.progress({ kind: "found", title: title(step), notices: verdict.notices.map(spellDifference) });
  return state;
}

async function bringAbout(run: Run, step: Step, place: Place, statement: Statement): Promise<Recorded> {
  await refuseOrphans(run, place, statement.guard);
  await write(run, step, place, "intended", statement.sql);
  const started = performance.now();
  run.progress({ kind: "running", title: title(step), seconds: 0 });
  try {
    await send(run, statement);
  } catch (error) {
    // Somebody else, or an earlier run of ours, got there first: the catalog decides below.
    if (!(error instanceof ServerError)) throw error;
    if (!isDuplicateObject(error)) throw refused(run, step, place, error, statement);
  }
  const after = await look(run, step);
  if (after.verdict.state !== "present") throw notBroughtAbout(step, place, after.verdict);
  await undoIfOrphaned(run, place, statement.guard);
  await write(run, step, place, "done");
  run.progress({ kind: "done", title: title(step), seconds: (performance.now() - started) / 1000 });
  return "done";
}

function write(run: Run, step: Step, place: Place, state: Recorded, statement?: string): Promise<void> {
  return record(run.main, run.server, run.lease, {
    migration: place.migration,
    step: place.number,
    what: title(step),
    state,
    ...(statement === undefined ? {} : { statement }),
  });
}

async function count(run: Run, guard: Guard): Promise<number> {
  const [row] = await run.main.rows<{ n: number }>(guard.sql);
  return Number(row?.n ?? 0);
}

async function refuseOrphans(run: Run, place: Place, guard: Guard | undefined): Promise<void> {
  if (guard === undefined) return;
  const found = await count(run, guard);
  if (found > 0) throw orphans(`${place.migration} step ${place.number}`, guard, found);
}

/** With checks off, a row that was written while the key was added has never been checked. */
async function undoIfOrphaned(run: Run, place: Place, guard: Guard | undefined): Promise<void> {
  if (guard === undefined) return;
  const found = await count(run, guard);
  if (found === 0) return;
  await run.main.run(guard.undo);
  throw orphans(
    `${place.migration} step ${place.number}: written while the key was being added, which was undone`,
    guard,
    found,
  );
}

function changedUnderneath(step: Step, place: Place, verdict: Extract<Verdict, { state: "conflict" }>): MigrateError {
  return new MigrateError("CONFLICT", "the schema was changed by somebody else since the plan was made", {
    where: `${place.migration} step ${place.number}: ${title(step)}`,
    found: verdict.conflicts.map((conflict) => spellDifference(conflict.difference)),
    done: "every step before is done and recorded; this one was not begun",
    next: "ispyb-migrate plan",
  });
}

function notBroughtAbout(step: Step, place: Place, verdict: Verdict): MigrateError {
  const found =
    verdict.state === "conflict"
      ? verdict.conflicts.map((conflict) => spellDifference(conflict.difference))
      : "the catalog still shows it as absent";
  return new MigrateError("VERIFY_FAILED", "the server reported success, and the catalog shows something else", {
    where: `${place.migration} step ${place.number}: ${title(step)}`,
    found,
    done: "the step stays recorded as intended",
    next: "ispyb-migrate plan",
  });
}

function refused(run: Run, step: Step, place: Place, cause: ServerError, statement: Statement): MigrateError {
  const where = `${place.migration} step ${place.number}: ${title(step)}, in ${run.main.database}`;
  const found = `error ${cause.code} (${cause.sqlState}) for: ${statement.sql}`;
  const lost: boolean = isConnectionLost(cause);
  if (lost) {
    return new MigrateError("UNREACHABLE", `the connection was lost while a statement was running: ${cause.message}`, {
      where,
      found,
      done: "every step before is done and recorded; whether this one is done is unknown, the server may still be at it",
      next: "ispyb-migrate up   # waits for the server to finish, looks, and goes on",
      cause,
    });
  }
  const rebuild = `OPTIMIZE TABLE ${id(step.table)};   # at a quiet time: rebuilds the table and may block its writers`;
  return new MigrateError("STATEMENT_FAILED", `the server refused a statement: ${cause.message}`, {
    where,
    found,
    done: "every step before is done and recorded; this statement had no effect",
    next: [
      ...(isAlgorithmRefused(cause)
        ? ["see the server's reason; too many instant changes are settled by", rebuild]
        : ["mend the cause, then"]),
      "ispyb-migrate up   # goes on with this step",
    ],
    cause,
  });
}
