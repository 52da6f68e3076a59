/** Everything that would stop a run half-way, asked before its first statement. */
import { assertAnyGlobalPrivilege, assertMaySetDefiners, assertPrivileges } from "../access/require.ts";
import { formatDifference } from "../catalog/difference.ts";
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, type Next, hint, withNote } from "../hint.ts";
import { assertNoOrphans } from "../plan/guards.ts";
import { isBroken, isOwed } from "../plan/plan.ts";
import { type Plan, factsOfPlan } from "../plan/read-plan.ts";
import { type UpRequest, plain, upCommand } from "../plan/up-command.ts";
import { isRepeatableOwed } from "../repeatables/repeatable.ts";
import type { Conflict } from "../steps/contract.ts";
import { guard } from "../steps/index.ts";
import { scriptOf } from "../steps/script.ts";
import { assertFreeForeignKeyNames } from "./foreign-key-names.ts";
import { assertNoOldTemporals } from "./old-temporals.ts";
import {
  assertDefinerExists,
  assertNoRepeatableDrift,
  assertPossible,
  assertVisible,
  owedChanges,
  privilegesFor,
} from "./repeatables.ts";

/** Throws the first reason not to begin; changes nothing. */
export async function preflight(db: Db, plan: Plan, asked: UpRequest): Promise<void> {
  assertSchema(plan, asked);
  if (!asked.allowLate) assertNoneLate(plan, asked);
  if (isAnythingOwed(plan, asked)) await assertServer(db, plan, asked);
}

/** Whether a run of `up` would change or record anything. */
export function isAnythingOwed({ migrations, repeatables }: Plan, { repair, skip }: UpRequest = plain): boolean {
  if (skip !== undefined) return true;
  return migrations.some((each) => isOwed(each, repair)) || repeatables.some((each) => isRepeatableOwed(each, repair));
}

/** What the plan alone shows: HISTORY_CHANGED, CONFLICT or DRIFT. */
export function assertSchema(plan: Plan, asked = plain): void {
  assertUnchangedHistory(plan);
  assertNoConflicts(plan, asked);
  // What is broken is mended before procedures have their turn.
  if (!plan.migrations.some(isBroken)) assertPossible(plan, "nothing was changed");
  if (asked.repair) return;
  assertNoDrift(plan, asked);
  assertNoRepeatableDrift(plan, upCommand(asked));
}

/** LATE_MIGRATION: the order of what was applied would no longer be the order of the names. */
export function assertNoneLate(plan: Plan, asked = plain): void {
  // Whoever says that it is skipped no longer has named it.
  const named = asked.skip?.names ?? [];
  const late = plan.migrations
    .filter((each) => each.late && !named.includes(each.migration.name))
    .map(({ migration }) => migration.name);
  if (late.length === 0) return;
  throw new MigrateError("LATE_MIGRATION", "migrations are owed that sort before ones that are applied already", {
    where: plan.catalog.database,
    found: late,
    wanted: "new migrations after the applied ones; a newer version of this tool may bring such as these",
    done: "nothing was changed",
    next: [hint("plan", { note: "what they would do" }), upCommand({ ...asked, allowLate: true })],
  });
}

/** What has to be asked of the server: SERVER_READ_ONLY, MISSING_PRIVILEGE, CONFLICT or ORPHANS. */
export async function assertServer(db: Db, plan: Plan, asked = plain): Promise<void> {
  assertWritable(plan.server);
  const { account } = plan.server;
  const changes = owedChanges(plan.repeatables, asked.repair);
  await assertPrivileges(db, account, privilegesFor(plan.repeatables, changes));
  await assertAnyGlobalPrivilege(
    db,
    account,
    changes.flatMap(({ global }) => global ?? []),
  );
  const absent = plan.migrations.flatMap((each) => each.steps).filter((step) => step.verdict.state === "absent");
  assertVisible(plan, upCommand(asked), changes);
  await assertDefinerExists(db, plan);
  await assertMaySetDefiners(
    db,
    plan.server,
    changes.flatMap(({ definers }) => definers ?? []),
  );
  assertNoOldTemporals(plan, absent);
  await assertFreeForeignKeyNames(
    db,
    absent.map((each) => each.step),
  );
  await assertNoOrphanRows(db, plan, upCommand(asked));
}

export function assertWritable({ readOnly, node }: Server): void {
  if (!readOnly) return;
  throw new MigrateError("SERVER_READ_ONLY", "this server is read-only", {
    where: node,
    done: "nothing was changed",
    next: "run against the primary: a replica gets the change from it",
  });
}

/** Throws HISTORY_CHANGED. */
export function assertUnchangedHistory(plan: Plan): void {
  const edited = plan.migrations
    .filter((each) => each.state === "edited")
    .map((each) => `${each.migration.name}: edited since it was applied`);
  const missing = plan.missing.map(({ name, renamedTo }) =>
    renamedTo === undefined
      ? `${name}: recorded, but its file is gone`
      : `${name}: recorded, and its file is called ${renamedTo} now`,
  );
  if (edited.length + missing.length === 0) return;
  throw new MigrateError("HISTORY_CHANGED", "the migrations on disk are not the ones that were applied", {
    where: plan.catalog.database,
    found: [...edited, ...missing],
    done: "nothing was changed",
    next: [
      ...plan.missing.flatMap(({ name, renamedTo }) =>
        renamedTo === undefined ? [] : [`give ${renamedTo} its old name back: ${name}`],
      ),
      "put the files back as they were (another version of ispyb-migrate?); what is new belongs into a new migration",
    ],
  });
}

function assertNoConflicts(plan: Plan, asked: UpRequest): void {
  const conflicts = plan.migrations
    .filter((each) => !isBroken(each))
    .flatMap((each) =>
      each.steps.flatMap((step) =>
        step.verdict.state === "conflict"
          ? step.verdict.conflicts.map((conflict) => ({ conflict, step: `${each.migration.name} step ${step.number}` }))
          : [],
      ),
    );
  const [first] = conflicts;
  if (first === undefined) return;
  throw new MigrateError("CONFLICT", `something else stands where ${first.step} wants to build`, {
    where: `${plan.catalog.database}.${first.conflict.difference.object}`,
    found: [...new Set(conflicts.map(({ conflict }) => formatDifference(conflict.difference)))],
    done: "nothing was changed",
    next: [
      ...plan.migrations
        .filter(({ state }) => state === "skipped")
        .map(({ migration }) => `if it needs ${migration.name}, which is skipped: skip both, --skip NAME,NAME`),
      ...adviceOn(
        conflicts.map(({ conflict }) => conflict),
        upCommand(asked),
      ),
    ],
  });
}

function adviceOn(conflicts: readonly Conflict[], retry: Hint): Next[] {
  const additions = conflicts.flatMap(({ add }) => (add === undefined ? [] : scriptOf(add)));
  const engines = conflicts.flatMap(({ difference, change }) =>
    difference.aspect === "engine" && change !== undefined
      ? [`${change.sql};   # at a quiet time: copies the table`]
      : [],
  );
  const advice = conflicts.flatMap((conflict) => conflict.advice ?? []);
  const rest = conflicts.some(
    (conflict) => (conflict.add ?? conflict.advice) === undefined && conflict.difference.aspect !== "engine",
  );
  return [
    ...new Set([...additions, ...engines, ...advice]),
    ...(rest
      ? [
          "where the object is not in use: drop it, or rename it and drop its foreign keys",
          "where it is in use: change it by hand to what is wanted, as listed above",
        ]
      : []),
    withNote(retry, "afterwards"),
  ];
}

/** What is recorded as applied and absent from the catalog was taken away by somebody: ask, do not guess. */
function assertNoDrift(plan: Plan, asked: UpRequest): void {
  const drifted = plan.migrations.filter(isBroken);
  if (drifted.length === 0) return;
  throw new MigrateError("DRIFT", "what was applied is no longer all there", {
    where: plan.catalog.database,
    found: drifted.flatMap(({ migration, steps }) =>
      steps.flatMap(({ title, verdict }) => {
        if (verdict.state === "absent") return [`${migration.name}: ${title} is missing`];
        if (verdict.state === "present") return [];
        return verdict.conflicts.map(({ difference }) => `${migration.name}: ${formatDifference(difference)}`);
      }),
    ),
    done: "nothing was changed",
    next: [
      withNote(upCommand({ ...asked, repair: true }), "makes again what is missing"),
      hint("verify", { note: "prints the statement that mends each of them, to be run by hand" }),
    ],
  });
}

/** What only the rows can tell, counted before anything is changed. */
async function assertNoOrphanRows(db: Db, plan: Plan, retry: Hint): Promise<void> {
  const facts = factsOfPlan(plan);
  for (const ref of plan.migrations.flatMap(({ steps }) => steps)) {
    const counted = ref.verdict.state === "absent" ? guard(ref.step, facts) : undefined;
    if (counted !== undefined) await assertNoOrphans(db, counted, { ref, done: "nothing was changed", retry });
  }
}
