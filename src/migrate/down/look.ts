/** What a `down` would do, and why it would refuse: read by `down` itself, and by `plan --down`. */
import type { Needs } from "../../catalog/hidden.ts";
import type { Db } from "../../db/db.ts";
import type { MigrateError } from "../../errors.ts";
import { type Hint, hint } from "../../hint.ts";
import { type DownPlan, planDown } from "../../plan/down-plan.ts";
import type { Until } from "../../plan/down-targets.ts";
import { readPlan } from "../../plan/read-plan.ts";
import { unknownIn, unknownSteps } from "../../plan/unknown.ts";
import type { DownRequest } from "../../preflight/check.ts";
import { assertUnchangedHistory } from "../../preflight/history.ts";
import { refusalOfDown } from "../../preflight/preflight.ts";
import { assertNoneUnknown } from "../../preflight/unknown.ts";

/** What a `down` is asked for. */
export interface DownRequested extends DownRequest {
  readonly until: Until;
  /** Others may be blocked for long. */
  readonly allowStall?: boolean;
}

/** What this `down` would do, and why it would refuse, as far as SELECT and SHOW tell. Throws what planning throws. */
export async function lookDown(
  db: Db,
  request: DownRequested,
): Promise<{ readonly plan: DownPlan; readonly retry: Hint<"down">; readonly refusal?: MigrateError }> {
  const plan = await readDownPlan(db, request);
  const retry = retryCommand(request, plan);
  const refusal = isNothing(plan) ? undefined : await refusalOfDown(db, { plan, request, retry });
  return { plan, retry, ...(refusal === undefined ? {} : { refusal }) };
}

/** True if there is nothing to undo and nothing to drop. */
export function isNothing({ everything, migrations, repeatables }: DownPlan): boolean {
  return migrations.length + repeatables.length === 0 && !everything;
}

/** `lease`: where it is ours, every intent without an outcome is one of a run that was cut off. */
export async function readDownPlan(
  db: Db,
  { migrations, until }: DownRequested,
  needs?: Needs,
  lease: "ours" | "any" = "any",
): Promise<DownPlan> {
  const plan = await readPlan(db, migrations, needs === undefined ? {} : { needs });
  assertUnchangedHistory(plan);
  assertNoneUnknown(db.database, lease === "ours" ? unknownSteps(plan.migrations) : unknownIn(plan));
  return planDown(db, plan, migrations, until);
}

/** Names the oldest migration: a second `--last` would count from where the first one stopped. */
export function retryCommand(
  { until, allowDataLoss, allowStall, onReplica, saveTo }: DownRequested,
  plan?: DownPlan,
): Hint<"down"> {
  const oldest = plan?.migrations.at(-1)?.name;
  const far = "to" in until ? until : oldest === undefined ? { last: `${until.last}` } : { to: oldest };
  const losing = allowDataLoss ? { "allow-data-loss": true as const, "save-to": saveTo } : {};
  return hint("down", { options: { ...far, "on-replica": onReplica, "allow-stall": allowStall, ...losing } });
}
