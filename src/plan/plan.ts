/**
 * The plan of each migration, made from journal and catalog: pure, no server is asked. Each step is judged against
 * the catalog as the steps before it will have left it.
 */
import { type Catalog, findTable } from "../model.ts";
import { type Entry, entryOf, isForgotten, isRecorded, wholeEntry } from "../state/journal.ts";
import { sourceOf } from "../state/migration-names.ts";
import { isRepeatable } from "../state/repeatable-names.ts";
import { type Reason, reasonOf } from "../state/skips.ts";
import { checksum } from "../steps/checksum.ts";
import type { Facts, Statement, Verdict } from "../steps/contract.ts";
import { inspect, project, title } from "../steps/index.ts";
import { withParentTypes } from "../steps/parent-types.ts";
import { type StepRef, stepRefsOf } from "../steps/step-ref.ts";
import type { Step } from "../steps/step.ts";
import type { Forecast } from "./forecast.ts";
import { type Judged, joinSteps, statementFor } from "./join-steps.ts";
import type { Migration } from "./load-migrations.ts";
import type { PlannedRepair } from "./repairs.ts";
import { withMissingParts } from "./with-missing-parts.ts";

/**
 * applied: recorded, and the catalog agrees; done by this tool, or adopted.
 * unrecorded: the catalog has all of it, and nothing is recorded yet; `up` adopts it.
 * pending: something is still to do, or a run was stopped in the middle.
 * drift: recorded as applied, and something is missing that can be created again.
 * edited: recorded, as a whole or in part, with another checksum than the file has now.
 * conflict: something else has its name or place, and `up` refuses with every option; a skip leaves it as it is.
 * skipped: left as it is, for a reason that is shown.
 */
export type MigrationState = "applied" | "unrecorded" | "pending" | "drift" | "edited" | "conflict" | "skipped";

export interface PlannedStep extends StepRef {
  readonly title: string;
  /** Judged against the catalog as the steps before will have left it. */
  readonly verdict: Verdict;
  /** Already present in the catalog before the run. */
  readonly already: boolean;
  readonly entry?: Entry;
  /** What would be sent, if the step is absent and no earlier statement includes it. */
  readonly statement?: Statement;
  /** Of that statement. */
  readonly forecast?: Forecast;
  /** What `up --repair` sends, in this order, if the step is recorded and in conflict, and adding is enough. */
  readonly repairs?: readonly PlannedRepair[];
  /** If it is absent: the step whose statement includes this one. */
  readonly madeWith?: StepRef;
}

export interface PlannedMigration {
  readonly migration: Migration;
  readonly state: MigrationState;
  readonly entry?: Entry;
  /** Pending although a later migration is applied: it came with a newer version of this tool. */
  readonly late: boolean;
  readonly reason?: Reason;
  readonly steps: readonly PlannedStep[];
}

export interface PlannedMigrations {
  readonly migrations: readonly PlannedMigration[];
  /** The catalog as the wanted migrations will leave it. */
  readonly after: Catalog;
}

/** Recorded, as a whole or in part, but without a file. */
export interface MissingMigration {
  readonly name: string;
  /** A migration with the same steps that is not recorded: the file was renamed. */
  readonly renamedTo?: string;
}

/** Plans `wanted`, the first of `all`. `all` and the journal decide what is late, renamed or missing. */
export function planMigrations(
  wanted: readonly Migration[],
  all: readonly Migration[],
  journal: readonly Entry[],
  facts: Facts,
): PlannedMigrations {
  const names = new Set(wanted.map(({ name }) => name));
  const { absent, after, judged } = inspectAll(all, names, journal, facts);
  const shares = joinSteps(absent.filter(({ ref }) => names.has(ref.migration)));
  const steps = judged.map((step): PlannedStep => ({ ...step, ...shares.get(step) }));
  const isApplied = (entry: Entry | undefined) => entry !== undefined && entry.state !== "skipped";
  const recorded = all.map(({ name }) => name).filter((name) => isApplied(wholeEntry(journal, name)));
  const migrations = wanted.map((migration) => {
    const own = steps.filter((step) => step.migration === migration.name);
    const entry = wholeEntry(journal, migration.name);
    const reason = reasonOf(journal, migration.name);
    return {
      migration,
      state: isEdited(migration, journal) ? "edited" : stateOf(entry, own),
      late: !isApplied(entry) && reason === undefined && recorded.some((name) => isLaterInSource(name, migration.name)),
      ...(entry === undefined ? {} : { entry }),
      ...(reason === undefined ? {} : { reason }),
      steps: own,
    };
  });
  return { migrations, after };
}

function inspectAll(
  migrations: readonly Migration[],
  wanted: ReadonlySet<string>,
  journal: readonly Entry[],
  facts: Facts,
): { judged: Omit<PlannedStep, "statement">[]; absent: Judged[]; after: Catalog } {
  const refs = stepRefsOf(migrations);
  const later = refs.map(({ step }) => step);
  let { catalog } = facts;
  let after = catalog;
  const absent: Judged[] = [];
  const judged = refs.map((ref) => {
    later.shift();
    const then = { ...facts, catalog, later: [...later] };
    const step = withParentTypes(ref.step, later, catalog);
    const entry = entryOf(journal, ref.migration, ref.number);
    const recorded = isRecorded(entry);
    const verdict = inspect(step, { ...then, recorded });
    const isSkipped = reasonOf(journal, ref.migration) !== undefined;
    const statement = verdict.state === "absent" && !isSkipped ? statementFor(step, then) : undefined;
    if (!isSkipped && (verdict.state === "absent" || isStillToBeMade(step, verdict, catalog)))
      catalog = project(step, then);
    else if (!isSkipped && verdict.state === "conflict") catalog = withMissingParts(step, verdict.conflicts, then);
    if (wanted.has(ref.migration)) after = catalog;
    const planned = {
      ...ref,
      step,
      title: title(step),
      verdict,
      already: verdict.state === "present" && inspect(step, { ...facts, recorded }).state === "present",
      ...(entry === undefined ? {} : { entry }),
    };
    if (statement !== undefined) absent.push({ ref: planned, statement, facts: then });
    return planned;
  });
  return { judged, absent, after };
}

/** Each source has an order of its own: a newer version of this tool may bring what sorts before a facility's migrations. */
function isLaterInSource(name: string, than: string): boolean {
  return sourceOf(name) === sourceOf(than) && name > than;
}

/** A table that cannot be created yet is one conflict, not one more for each step that depends on it. */
function isStillToBeMade(step: Step, verdict: Verdict, catalog: Catalog): boolean {
  return step.kind === "createTable" && verdict.state === "conflict" && findTable(catalog, step.table) === undefined;
}

/** Compares each journal row with the step of its number. A step that was not done may have changed. */
function isEdited({ name, steps, checksum: whole }: Migration, journal: readonly Entry[]): boolean {
  const rows = journal.filter(
    ({ migration, state }) => migration === name && state !== "not done" && state !== "skipped",
  );
  return rows.some(({ step: number, checksum: then }) => {
    if (number === 0) return then !== whole;
    const step = steps[number - 1];
    return step === undefined || (then !== null && then !== checksum([step]));
  });
}

function stateOf(entry: Entry | undefined, steps: readonly PlannedStep[]): MigrationState {
  const isPresent = steps.every(({ verdict }) => verdict.state === "present");
  if (entry?.state === "skipped") return isPresent ? "unrecorded" : "skipped";
  const conflicts = steps.flatMap(({ verdict }) => (verdict.state === "conflict" ? verdict.conflicts : []));
  if (conflicts.some(({ add }) => entry === undefined || add === undefined)) return "conflict";
  if (entry !== undefined) return isPresent ? "applied" : "drift";
  // A recorded step was done by this tool or adopted: its migration is pending.
  return steps.every((step) => step.already && step.entry === undefined) ? "unrecorded" : "pending";
}

export function missingFiles(migrations: readonly Migration[], journal: readonly Entry[]): MissingMigration[] {
  const known = new Set(migrations.map((migration) => migration.name));
  const effective = journal.filter(({ migration, state }) => state !== "not done" && !isRepeatable(migration));
  const gone = [...new Set(effective.map((entry) => entry.migration))].filter(
    (name) => !known.has(name) && !isForgotten(journal, name),
  );
  const free = migrations.filter((migration) => wholeEntry(journal, migration.name) === undefined);
  return gone.map((name) => {
    const recorded = entryOf(journal, name, 0)?.checksum;
    const renamed = free.find((migration) => migration.checksum === recorded);
    return renamed === undefined ? { name } : { name, renamedTo: renamed.name };
  });
}

/** `up` has something to do or to record here. */
export function isPending({ state }: PlannedMigration): boolean {
  return state === "pending" || state === "unrecorded";
}

export function isDrifted({ state }: PlannedMigration): boolean {
  return state === "drift";
}

export function isInConflict({ state }: PlannedMigration): boolean {
  return state === "conflict";
}

/** Whether `up`, with or without --repair, would work on it. */
export function isDue(migration: PlannedMigration, repair: boolean): boolean {
  return isPending(migration) || (repair && isDrifted(migration));
}

/** The steps of these migrations whose object does not exist yet; not of those that are skipped. */
export function absentSteps(migrations: readonly PlannedMigration[]): PlannedStep[] {
  return migrations
    .filter(({ state }) => state !== "skipped")
    .flatMap(({ steps }) => steps)
    .filter(({ verdict }) => verdict.state === "absent");
}
