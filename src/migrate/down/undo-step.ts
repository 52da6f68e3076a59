/**
 * Undoes one step: write the intent, save what would be lost, send the statement, delete the record. Between saving
 * and dropping, no other session can write: see Undo.hold. Killed anywhere in between, the next `down` continues, and
 * the next `up` restores what is set aside.
 */
import { appendOutcome } from "../../errors.ts";
import { type Table, findTable } from "../../model.ts";
import { assertFitsOldColumn } from "../../plan/down-refusals.ts";
import type { DownStep } from "../../plan/down-step.ts";
import { type Movable, asideOf, isMovable, liesAside, putAside, putBack } from "../../plan/set-aside.ts";
import { counted } from "../../plural.ts";
import type { JournalWriter } from "../../run/journal-writer.ts";
import { untilKilled } from "../../run/kill-on-signal.ts";
import { type Run, stopIfAsked, uninterruptible } from "../../run/run.ts";
import { send, sendAt } from "../../run/send-statement.ts";
import { changedUnderneath } from "../../run/step-errors.ts";
import { id } from "../../sql.ts";
import { entryOf } from "../../state/journal.ts";
import { parsePrevious } from "../../state/previous.ts";
import type { Facts, Statement, Undo } from "../../steps/contract.ts";
import { inPart, undo } from "../../steps/index.ts";
import { formatStepRef } from "../../steps/step-ref.ts";
import { inspectLive } from "../inspect-live.ts";
import { undoSqlStatement } from "../sql-statement.ts";
import type { RowSaver } from "./save-rows.ts";

export interface Undoing {
  readonly run: Run;
  readonly journal: JournalWriter;
  readonly rowSaver: RowSaver;
}

export async function undoStep(work: Undoing, planned: DownStep): Promise<void> {
  const { run, journal } = work;
  stopIfAsked(run);
  run.lease.check();
  const { step } = planned;
  if (planned.made === "done" && planned.undo !== undefined && step.kind === "sqlStatement")
    await undoSqlStatement(work, planned, step);
  else if (planned.made === "done" && planned.undo !== undefined) await undoMadeStep(work, planned);
  else run.progress({ kind: "forgotten", title: planned.title });
  await journal.forget(planned);
}

async function undoMadeStep(work: Undoing, planned: DownStep): Promise<void> {
  const { run, journal } = work;
  const { step, migration, number } = planned;
  const before = parsePrevious(entryOf(journal.entries, migration, number));
  const { facts, verdict } = await inspectLive(run, step);
  if (verdict.state === "conflict") throw changedUnderneath(formatStepRef(planned), verdict);
  const started = performance.now();
  run.progress({ kind: "running", title: `undo: ${planned.title}` });
  const isThere = verdict.state === "present" || inPart(step, facts);
  const undoing = isThere ? undo(step, facts, before) : undefined;
  if (undoing?.statement !== undefined) {
    // The plan knows every table that refers to this one; the live inspection does not.
    stopIfAsked(run);
    await assertFitsOldColumn(run.main, planned, planned.undo ?? undoing);
    await journal.write(planned, "intended", { statement: undoing.statement.sql });
    if (undoing.hold === "aside" && isMovable(step)) await sent(run, planned, putAside(step, facts));
    else if (undoing.hold === "lock") await underLock(work, planned, undoing.statement, undoing, facts);
    else await sent(run, planned, undoing.statement);
  }
  if (isMovable(step)) await dropAside(work, planned, step, before);
  run.progress({ kind: "done", title: `undo: ${planned.title}`, seconds: (performance.now() - started) / 1000 });
}

/** The lock belongs to the session: it ends with the connection, and only time is lost. */
async function underLock(work: Undoing, ref: DownStep, statement: Statement, undoing: Undo, facts: Facts) {
  const { run, rowSaver } = work;
  const { clear, loss } = undoing;
  const table = loss === undefined ? undefined : findTable(facts.catalog, loss.table);
  if (loss === undefined || table === undefined) return sent(run, ref, statement);
  await sent(run, ref, { sql: `LOCK TABLES ${id(table.name)} WRITE`, locks: [table.name] });
  try {
    const rows = await rowSaver.save(untilKilled(run), ref, loss, { table, name: table.name });
    await unlessStopped(work);
    await cleared(work, ref, clear, rows, statement);
  } finally {
    await run.main.run("UNLOCK TABLES").catch(() => undefined);
  }
}

/** Nothing was deleted yet: what was saved is in no file then. */
async function unlessStopped({ run, rowSaver }: Undoing): Promise<void> {
  try {
    stopIfAsked(run);
  } catch (error) {
    await rowSaver.kept();
    throw error;
  }
}

/** Once the rows fit, signals are ignored, and a failure says what happened to their values. */
async function cleared(work: Undoing, ref: DownStep, clear: string | undefined, rows: number, statement: Statement) {
  const { run, rowSaver } = work;
  if (clear !== undefined) await run.main.run(clear);
  try {
    await sent(uninterruptible(run), ref, statement);
    await rowSaver.deleted();
  } catch (error) {
    if (clear === undefined || rows === 0) throw error;
    await rowSaver.deleted().catch(() => {});
    throw appendOutcome(
      error,
      `before this statement, ${counted(rows, ref.undo?.loss?.what ?? "")} ${rows === 1 ? "was removed; it is" : "were removed; they are"} saved in ${rowSaver.paths.join(" and ")}`,
    );
  }
}

/**
 * Saves and drops what is set aside, by this run or by an earlier one that was stopped. Users miss it meanwhile:
 * signals are ignored, and what cannot be dropped is restored.
 */
async function dropAside(work: Undoing, ref: DownStep, step: Movable, before: Readonly<Record<string, unknown>>) {
  const { journal, rowSaver } = work;
  const run = uninterruptible(work.run);
  const { facts } = await inspectLive(run, step);
  if (!liesAside(step, facts.catalog)) return;
  const aside = asideOf(step);
  const { loss, statement } = undo(aside, facts, before);
  const table = findTable(facts.catalog, aside.table);
  if (table === undefined || statement === undefined) throw new Error(`nothing is set aside in ${aside.table}`);
  try {
    if (loss !== undefined)
      await rowSaver.save(untilKilled(run), ref, loss, { table, name: step.table, ...columnNames(step, aside) });
    await sent(run, ref, statement);
  } catch (error) {
    await putBackNow(uninterruptible(run), step, table, facts).then(
      () => journal.write(ref, "done"),
      () => {
        throw appendOutcome(
          error,
          `it is called ${table.name} now; run \`up\` to rename it back, or \`down\` to finish undoing it`,
        );
      },
    );
    await rowSaver.kept();
    throw error;
  }
  await rowSaver.deleted();
}

async function putBackNow(run: Run, step: Movable, table: Table, facts: Facts): Promise<void> {
  await send(run, putBack(step, facts));
  run.progress({ kind: "warning", text: `${table.name} could not be dropped and was restored` });
}

function columnNames(step: Movable, aside: Movable) {
  return step.kind === "addColumn" && aside.kind === "addColumn"
    ? { column: { name: step.column.name, from: aside.column.name } }
    : {};
}

async function sent(run: Run, ref: DownStep, statement: Statement): Promise<void> {
  await sendAt(run, formatStepRef(ref), statement);
}
