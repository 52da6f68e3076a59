/** A step that keeps other sessions waiting for long needs a yes: --allow-stall. */
import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Next, withNote, withOptions } from "../hint.ts";
import type { Forecast } from "../plan/forecast.ts";
import { BUDGET, countToLarge, isOverBudget } from "../plan/over-budget.ts";
import { type PlannedStep, isDue } from "../plan/plan.ts";
import { LARGE, isLock } from "../plan/predict.ts";
import { rehearsalOnCopy } from "../plan/rehearsal.ts";
import { duration } from "../plan/prediction-words.ts";
import type { Statement } from "../steps/contract.ts";
import { type StepRef, formatStepRef } from "../steps/step-ref.ts";
import type { DownSubject, Subject } from "./check.ts";

/** Throws WOULD_STALL for an `up` without --allow-stall. */
export async function assertWithinBudget(db: Db, { plan, request, retry }: Subject): Promise<void> {
  const { migrations, server } = plan;
  const due = migrations.filter((each) => isDue(each, request.repair)).flatMap(({ steps }) => steps);
  const statements = due.flatMap(statementsOf);
  const stalls = await overBudget(db, statements, server.cluster, request.allowStall);
  if (stalls.length === 0) return;
  const isUnknown = stalls.some((each) => each.forecast.seconds === undefined);
  throw wouldStall(stalls, [
    ...(isUnknown
      ? [
          rehearsalOnCopy("measures it", retry),
          withNote(withOptions(retry, { rehearsal: "FILE" }), "here: goes by what was measured there"),
        ]
      : []),
    withNote(withOptions(retry, { "allow-stall": true }), `${isUnknown ? "or: " : ""}at a time when they may wait`),
  ]);
}

/** Throws WOULD_STALL for a `down` without --allow-stall. */
export async function assertDownWithinBudget(db: Db, { plan, request, retry }: DownSubject): Promise<void> {
  const { migrations, server } = plan;
  const steps = migrations.flatMap((migration) => migration.steps);
  const statements = steps.flatMap((ref) => ref.sent.map((each) => ({ ref, ...each })));
  const stalls = await overBudget(db, statements, server.cluster, request.allowStall);
  if (stalls.length === 0) return;
  throw wouldStall(stalls, [withNote(withOptions(retry, { "allow-stall": true }), "at a time when they may wait")]);
}

// --- internal ---

interface Sent {
  readonly ref: StepRef;
  readonly statement: Statement;
  readonly forecast: Forecast;
}

function statementsOf(step: PlannedStep): Sent[] {
  const { forecast: of, repairs = [], statement } = step;
  const added = repairs.map(({ add, forecast: own }) => ({ ref: step, statement: add, forecast: own }));
  return statement === undefined || of === undefined ? added : [{ ref: step, statement, forecast: of }, ...added];
}

/** Only now are the rows of a table counted, and only as far as needed. */
async function overBudget(db: Db, statements: readonly Sent[], cluster: boolean, allowStall = false): Promise<Sent[]> {
  const stalls: Sent[] = [];
  if (allowStall) return stalls;
  for (const each of statements) {
    const table = tableOf(each);
    if (table === undefined || !isOverBudget(each.statement, each.forecast, cluster)) continue;
    if ((await count(db, countToLarge(table))) >= LARGE) stalls.push(each);
  }
  return stalls;
}

/** Undefined if it does not exist yet: then it is empty. */
function tableOf({ forecast: { reads }, statement }: Sent): string | undefined {
  return isLock(statement) ? statement.locks[0] : reads?.table;
}

function wouldStall(stalls: readonly Sent[], next: readonly Next[]): MigrateError {
  const [first] = stalls;
  const table = (first === undefined ? undefined : tableOf(first)) ?? "a table";
  const { seconds } = first?.forecast ?? {};
  const howLong = seconds === undefined ? "for an unknown time" : `for ${duration(seconds)}`;
  return new MigrateError("WOULD_STALL", `a change of ${table} would keep other sessions waiting ${howLong}`, {
    ...(first === undefined ? {} : { where: formatStepRef(first.ref) }),
    found: stalls.map(({ forecast: { blocked, unknown }, ref }) => {
      const why = unknown === undefined ? "" : `; unknown how long: ${unknown}`;
      return `${ref === first?.ref ? "" : `${formatStepRef(ref)}: `}${blocked}${why}`;
    }),
    wanted: `nothing that keeps others waiting for more than ${BUDGET} s, or your yes: --allow-stall`,
    done: "nothing was changed",
    next,
  });
}
