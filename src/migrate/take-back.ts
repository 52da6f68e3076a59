/**
 * One step taken back. The intent is written, what would be lost is saved, the statement is sent, the
 * catalog is asked, the record goes. Between saving and destroying nobody can write: see Undo.hold.
 * Killed anywhere in between, the next `down` goes on, and the next `up` puts back what lies aside.
 */
import { ServerError } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { type Table, findTable } from "../model.ts";
import { id } from "../sql.ts";
import type { Facts, Statement, Undo } from "../steps/contract.ts";
import { inspect, undo } from "../steps/index.ts";
import { type Movable, asideOf, isMovable, liesAside, putAside, putBack } from "./aside.ts";
import { type DownStep, beforeOf } from "./down-plan.ts";
import { type Ledger, spellPlace } from "./ledger.ts";
import { look } from "./look.ts";
import type { Rescue } from "./rescue.ts";
import { type Run, stopIfAsked } from "./run.ts";
import { send } from "./statement.ts";
import { changedUnderneath, refused } from "./step-errors.ts";

export interface TakingBack {
  readonly run: Run;
  readonly ledger: Ledger;
  readonly rescue: Rescue;
}

export async function takeBack(work: TakingBack, planned: DownStep): Promise<void> {
  const { run, ledger } = work;
  stopIfAsked(run);
  run.lease.check();
  if (planned.made === "done" && planned.undo !== undefined) await undoStep(work, planned);
  else run.progress({ kind: "forgotten", title: planned.title });
  await ledger.forget(planned);
}

async function undoStep(work: TakingBack, planned: DownStep): Promise<void> {
  const { run, ledger } = work;
  const { step, migration, number } = planned;
  const before = beforeOf(ledger.entries.find((entry) => entry.migration === migration && entry.step === number));
  const { facts, verdict } = await look(run, step);
  if (verdict.state === "conflict") throw changedUnderneath(spellPlace(planned), verdict);
  const started = performance.now();
  run.progress({ kind: "running", title: `take back: ${planned.title}` });
  const taken = verdict.state === "present" ? undo(step, facts, before) : undefined;
  if (taken?.statement !== undefined) {
    await ledger.write(planned, "intended", { statement: taken.statement.sql });
    if (taken.hold === "aside" && isMovable(step)) await sent(work, planned, putAside(step, facts.dialect));
    else if (taken.hold === "lock") await underLock(work, planned, taken.statement, taken, facts);
    else await sent(work, planned, taken.statement);
  }
  if (isMovable(step)) await dropAside(work, planned, step, before);
  if (taken === undefined || taken.statement !== undefined) await refuseRemnant(work, planned);
  run.progress({ kind: "done", title: `take back: ${planned.title}`, seconds: (performance.now() - started) / 1000 });
}

/** The lock is the session's: it ends with the connection, and nothing is lost but time. */
async function underLock(work: TakingBack, place: DownStep, statement: Statement, taken: Undo, facts: Facts) {
  const { run, rescue } = work;
  const { clear, loss } = taken;
  const table = loss === undefined ? undefined : findTable(facts.catalog, loss.table);
  if (loss === undefined || table === undefined) return sent(work, place, statement);
  await sent(work, place, lockTables(table, facts));
  try {
    await rescue.save(place, loss, { table, name: table.name });
    if (clear !== undefined) await run.main.run(clear);
    await sent(work, place, statement);
  } finally {
    await run.main.run("UNLOCK TABLES").catch(() => undefined);
  }
}

/** A copy of the table looks at the parents of its foreign keys, too. */
function lockTables(table: Table, { catalog }: Facts): Statement {
  const parents = [...new Set(table.foreignKeys.map((key) => key.parent.table))].filter(
    (name) => name !== table.name && findTable(catalog, name) !== undefined,
  );
  const locks = [`${id(table.name)} WRITE`, ...parents.map((name) => `${id(name)} READ`)];
  return { sql: `LOCK TABLES ${locks.join(", ")}`, locks: [table.name] };
}

/** What lies aside, since a moment ago or since an earlier run that was stopped, is saved and dropped there. */
async function dropAside(work: TakingBack, place: DownStep, step: Movable, before: Readonly<Record<string, unknown>>) {
  const { run, ledger, rescue } = work;
  const { facts } = await look(run, step);
  if (!liesAside(step, facts.catalog)) return;
  const aside = asideOf(step);
  const { loss, statement } = undo(aside, facts, before);
  const table = findTable(facts.catalog, aside.table);
  if (table === undefined || statement === undefined) throw new Error(`nothing lies aside in ${aside.table}`);
  try {
    if (loss !== undefined) {
      const column =
        step.kind === "addColumn" && aside.kind === "addColumn"
          ? { name: step.column.name, from: aside.column.name }
          : undefined;
      await rescue.save(place, loss, { table, name: step.table, ...(column === undefined ? {} : { column }) });
    }
  } catch (error) {
    // Users wait for it; what could not be saved is not kept from them either.
    await send(run, putBack(step, facts.dialect));
    await ledger.write(place, "done");
    throw error;
  }
  await sent(work, place, statement);
}

async function sent({ run }: TakingBack, place: DownStep, statement: Statement): Promise<void> {
  try {
    await send(run, statement);
  } catch (error) {
    throw error instanceof ServerError ? refused(run, spellPlace(place), statement, error) : error;
  }
}

async function refuseRemnant({ run }: TakingBack, place: DownStep): Promise<void> {
  const { facts } = await look(run, place.step);
  if (inspect(place.step, facts).state === "absent") return;
  throw new MigrateError("VERIFY_FAILED", "the server reported success, and the catalog still shows it", {
    where: spellPlace(place),
    done: "every step after it is taken back; this one stays recorded as intended",
    next: "ispyb-migrate status",
  });
}
