/**
 * Undoes one step, or columns that are dropped in one statement: write the intent, save what would be lost, send the
 * statement, delete the record. Between saving and dropping, no other session can write: see Undo.hold. Killed anywhere in
 * between, the next `down` continues, and the next `up` restores what is set aside.
 */
import { appendOutcome } from "../../errors.ts";
import { findTable } from "../../model.ts";
import { assertFitsOldColumn } from "../../plan/down-refusals.ts";
import type { DownStep } from "../../plan/down-step.ts";
import { lockTable, unlockTables } from "../../plan/undo-statements.ts";
import { counted } from "../../plural.ts";
import { untilKilled } from "../../run/kill-on-signal.ts";
import { stopIfAsked, uninterruptible } from "../../run/run.ts";
import { sendAt } from "../../run/send-statement.ts";
import { changedUnderneath } from "../../run/step-errors.ts";
import { entryOf } from "../../state/journal.ts";
import { parsePrevious } from "../../state/previous.ts";
import type { Facts, Statement, Undo } from "../../steps/contract.ts";
import { inPart, undo } from "../../steps/index.ts";
import { formatStepRef } from "../../steps/step-ref.ts";
import { inspectLive } from "../inspect-live.ts";
import { undoSqlStatement } from "../sql-statement.ts";
import { type Undoing, isOfMovable, undoMovables } from "./undo-movables.ts";

/** `before` are the earlier steps of the plan that are undone in the same statement. */
export async function undoStep(work: Undoing, planned: DownStep, before: readonly DownStep[]): Promise<void> {
  const { run, journal } = work;
  stopIfAsked(run);
  run.lease.check();
  const { step } = planned;
  if (planned.undoneWith !== undefined) return;
  if (planned.made === "done" && planned.undo !== undefined && step.kind === "sqlStatement")
    await undoSqlStatement(work, planned, step);
  else if (planned.made === "done" && planned.undo !== undefined && isOfMovable(planned))
    await undoMovables(work, [planned, ...before.filter(isOfMovable)]);
  else if (planned.made === "done" && planned.undo !== undefined) await undoMadeStep(work, planned);
  else run.progress({ kind: "forgotten", title: planned.title });
  for (const each of [...before, planned]) await journal.forget(each);
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
    if (undoing.hold === "lock") await underLock(work, planned, undoing.statement, undoing, facts);
    else await sendAt(run, formatStepRef(planned), undoing.statement);
  }
  run.progress({ kind: "done", title: `undo: ${planned.title}`, seconds: (performance.now() - started) / 1000 });
}

/** The lock belongs to the session: it ends with the connection, and only time is lost. */
async function underLock(work: Undoing, ref: DownStep, statement: Statement, undoing: Undo, facts: Facts) {
  const { run, rowSaver } = work;
  const { clear, loss } = undoing;
  const table = loss === undefined ? undefined : findTable(facts.catalog, loss.table);
  if (loss === undefined || table === undefined) return sendAt(run, formatStepRef(ref), statement);
  await sendAt(run, formatStepRef(ref), lockTable(table.name));
  try {
    const rows = await rowSaver.save(untilKilled(run), ref, loss, { table, name: table.name });
    await unlessStopped(work);
    await cleared(work, ref, clear, rows, statement);
  } finally {
    await run.main.run(unlockTables.sql).catch(() => undefined);
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
    await sendAt(uninterruptible(run), formatStepRef(ref), statement);
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
