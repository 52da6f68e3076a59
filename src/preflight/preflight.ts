/**
 * All checks before the first statement of an `up` or a `down`, one file each. The first check that fails is the error,
 * and nothing was changed.
 */
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { isAnythingDue } from "../plan/due.ts";
import { isDrifted } from "../plan/plan.ts";
import type { Plan } from "../plan/read-plan.ts";
import { unknownIn } from "../plan/unknown.ts";
import { type UpRequest, upCommand } from "../plan/up-command.ts";
import { assertRightServer } from "../run/right-server.ts";
import type { DownCheck, DownSubject, PlanCheck, ServerCheck } from "./check.ts";
import { assertAccountLimits } from "./account-limits.ts";
import { assertDownWithinBudget, assertWithinBudget } from "./budget.ts";
import { assertNoConflicts } from "./conflicts.ts";
import { assertLossAllowed } from "./data-loss.ts";
import { assertDefinerExists, assertDefinersAble, assertDefinersAllowed } from "./definers.ts";
import { assertDownDefiners, assertDownPrivileges, assertMayDropRoles } from "./down-privileges.ts";
import { assertNoDrift, assertNoRepeatableDrift } from "./drift.ts";
import { assertNoForbiddenRows } from "./forbidden-rows.ts";
import { assertFreeForeignKeyNames } from "./foreign-key-names.ts";
import { assertUnchangedHistory } from "./history.ts";
import { assertHistoryFits, assertHistoryMayBeCopied } from "./kept-rows.ts";
import { assertReadableTables } from "./readable.ts";
import { assertNoneLate } from "./late.ts";
import { assertNoOldTemporals } from "./old-temporals.ts";
import { assertWithinLimits } from "./limits.ts";
import { assertDatabasePrivileges, assertGlobalPrivileges } from "./privileges.ts";
import { assertProceduresFit } from "./procedures-fit.ts";
import { assertProceduresVisible, assertRolesVisible } from "./visible.ts";
import { assertNoOnlineChange, tablesChanged, tablesUndone } from "./online-changes.ts";
import { assertPacketSize } from "./packet.ts";
import { assertRoom } from "./room.ts";
import { assertFolder, assertLockable, assertSavable } from "./savable.ts";
import { assertSkip } from "./skips.ts";
import { assertPrivilegesAreChecked } from "./unchecked.ts";
import { assertNoneUnknown } from "./unknown.ts";
import { assertWritable } from "./writable.ts";

/** What the request itself may get wrong. If it does, `plan` shows nothing. */
const ofRequest: readonly PlanCheck[] = [assertSkip];

/** Checks that the plan alone decides. If one throws, the command `plan` fails, too. */
const ofPlan: readonly PlanCheck[] = [
  ({ plan }) => assertUnchangedHistory(plan),
  ({ plan }) => assertNoneUnknown(plan.catalog.database, unknownIn(plan)),
  assertNoConflicts,
  // What has drifted is repaired before procedures have their turn.
  ({ plan, request }) =>
    plan.migrations.some(isDrifted) ? undefined : assertProceduresFit(plan, request, "nothing was changed"),
  assertNoDrift,
  assertNoRepeatableDrift,
];

/** Checks that ask the server. The command `plan` prints what one throws as a note. */
const ofServer: readonly ServerCheck[] = [
  (db, { plan, request, retry }) => assertRightServer(db, plan.server, request.onReplica, retry),
  (_, { plan }) => assertWritable(plan.server),
  (db, { plan, retry }) => assertPrivilegesAreChecked(db, plan.server, retry),
  (db, { plan, retry }) => assertAccountLimits(db, plan.server, retry),
  assertDatabasePrivileges,
  assertGlobalPrivileges,
  (_, subject) => assertRolesVisible(subject),
  (_, subject) => assertProceduresVisible(subject),
  assertDefinerExists,
  assertDefinersAllowed,
  (_, subject) => assertDefinersAble(subject),
  (_, subject) => assertNoOldTemporals(subject),
  (db, { plan, retry }) => assertNoOnlineChange(db, tablesChanged(plan), retry),
  assertReadableTables,
  assertFreeForeignKeyNames,
  assertWithinLimits,
  assertPacketSize,
  assertRoom,
  assertNoForbiddenRows,
  assertHistoryFits,
  assertHistoryMayBeCopied,
  assertWithinBudget,
];

/** Checks of `down`. */
const ofDown: readonly DownCheck[] = [
  (db, { plan, request, retry }) => assertRightServer(db, plan.server, request.onReplica, retry),
  (_, { plan }) => assertWritable(plan.server),
  (db, { plan, retry }) => assertPrivilegesAreChecked(db, plan.server, retry),
  (db, { plan, retry }) => assertAccountLimits(db, plan.server, retry),
  assertDownPrivileges,
  assertMayDropRoles,
  assertDownDefiners,
  (db, { plan, retry }) => assertNoOnlineChange(db, tablesUndone(plan), retry),
  (_, subject) => assertLossAllowed(subject),
  (_, subject) => assertLockable(subject),
  (_, subject) => assertSavable(subject),
  assertFolder,
  assertDownWithinBudget,
];

/** Why an `up` would refuse, and the kind of check that found it. */
export interface Refusal {
  readonly by: "request" | "plan" | "order" | "server";
  readonly error: MigrateError;
}

/** Runs every check that applies to this `up`. */
export async function preflight(db: Db, plan: Plan, request: UpRequest): Promise<void> {
  for await (const { error } of refusals(db, plan, request)) throw error;
}

/**
 * The reasons why this `up` would refuse, the first of each kind, in the order of `up`, which ends with the first. The
 * command `plan` goes on where it can: it shows late migrations, and what the server has to be asked for.
 */
export async function* refusals(db: Db, plan: Plan, request: UpRequest): AsyncGenerator<Refusal, void> {
  const subject = { plan, request, retry: upCommand(request) };
  const kinds: readonly (readonly [Refusal["by"], readonly ServerCheck[]])[] = [
    ["request", ofRequest.map(withoutServer)],
    ["plan", ofPlan.map(withoutServer)],
    ["order", request.allowLate ? [] : [withoutServer(assertNoneLate)]],
    ["server", isAnythingDue(plan, request) ? ofServer : []],
  ];
  for (const [by, checks] of kinds) {
    const error = await firstRefusal(db, subject, checks);
    if (error !== undefined) yield { by, error };
  }
}

/** Runs every check of `down`. */
export async function preflightDown(db: Db, subject: DownSubject): Promise<void> {
  const error = await refusalOfDown(db, subject);
  if (error !== undefined) throw error;
}

/** Why this `down` would refuse; undefined if it would not. */
export function refusalOfDown(db: Db, subject: DownSubject): Promise<MigrateError | undefined> {
  return firstRefusal(db, subject, ofDown);
}

// --- internal ---

function withoutServer(check: PlanCheck): ServerCheck {
  return (_, subject) => check(subject);
}

async function firstRefusal<S>(
  db: Db,
  subject: S,
  checks: readonly ((db: Db, subject: S) => void | Promise<void>)[],
): Promise<MigrateError | undefined> {
  try {
    for (const check of checks) await check(db, subject);
    return undefined;
  } catch (error) {
    if (error instanceof MigrateError) return error;
    throw error;
  }
}
