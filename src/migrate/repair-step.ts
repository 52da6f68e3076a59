/** Adds what is missing from an object that the journal records. The journal keeps saying who created the object. */
import { assertNoneForbidden } from "../plan/guards.ts";
import type { PlannedStep } from "../plan/plan.ts";
import type { Repair } from "../plan/repairs.ts";
import type { JournalWriter } from "../run/journal-writer.ts";
import { type Run, stopIfAsked } from "../run/run.ts";
import { sendAt } from "../run/send-statement.ts";
import { effectMissing } from "../run/step-errors.ts";
import type { EntryState } from "../state/journal.ts";
import { formatStepRef } from "../steps/step-ref.ts";
import { inspectLive } from "./inspect-live.ts";
import { type RanStatement, lookAhead, ranStatement } from "./measure.ts";

/** Sends the statements, adds them to `ran`, and returns the step's state in the journal, which stays `state`. */
export async function repairStep(
  { run, journal, ran }: { readonly run: Run; readonly journal: JournalWriter; readonly ran: RanStatement[] },
  ref: PlannedStep,
  missing: readonly Repair[],
  state: EntryState,
): Promise<EntryState> {
  const where = formatStepRef(ref);
  for (const { add, object } of missing) {
    stopIfAsked(run);
    const words = { ref, done: "this step was not repaired", retry: run.retry };
    for (const guard of add.guards ?? []) await assertNoneForbidden(run.main, guard, words);
    const title = `repair: ${object}`;
    run.progress({ kind: "running", title });
    const started = performance.now();
    const ahead = await lookAhead(run, ref, add);
    const seconds = await sendAt(run, where, add, ahead.lease);
    ran.push(ranStatement([ref], add, ahead, seconds));
    run.progress({ kind: "done", title, seconds: (performance.now() - started) / 1000 });
  }
  const { verdict } = await inspectLive(run, ref.step);
  if (verdict.state !== "present") throw effectMissing(where, verdict);
  await journal.write(ref, state);
  return state;
}
