import { formatDifference } from "../catalog/difference.ts";
import type { Forecast } from "../plan/forecast.ts";
import type { Basis } from "../plan/predict.ts";
import type { MigrationState, PlannedStep } from "../plan/plan.ts";
import type { Plan } from "../plan/read-plan.ts";
import { type UpRequest, plainUp } from "../plan/up-command.ts";
import { definerChanges } from "../repeatables/definers.ts";
import { type PlannedRepeatable, type RepeatableState, blockedBy, differencesOf } from "../repeatables/repeatable.ts";
import { roundSeconds } from "../state/measured.ts";
import type { Statement, Verdict } from "../steps/contract.ts";
import { type PlaceDocument, placeDocument } from "./place.ts";

export interface PlanDocument extends PlaceDocument {
  /** Migrations that are pending or need attention. */
  readonly migrations: readonly PlanMigration[];
  /** Procedures, rows of SchemaStatus and privileges that are pending or need attention. */
  readonly repeatables: readonly PlanRepeatable[];
  /** The accounts that these procedures run as, before and after. */
  readonly definers: readonly PlanDefiner[];
  /** Of --sql -: the script for the stock client. */
  readonly script?: string;
  /** Of --sql FILE: the file that holds the script, as it was named. */
  readonly file?: string;
}

export interface PlanMigration {
  readonly name: string;
  readonly state: MigrationState;
  /** Not recorded, although a later one is. */
  readonly late: boolean;
  readonly why: string;
  readonly steps: readonly PlanStep[];
}

export interface PlanStep extends Partial<PlanStatement> {
  /** Counted from 1. */
  readonly number: number;
  readonly title: string;
  /** What the schema shows, as the steps before will have left it. */
  readonly catalog: Verdict["state"];
  /** Allowed differences: clients work with them. */
  readonly notices: readonly string[];
  /** What is in the way of the step. */
  readonly conflicts: readonly string[];
  /** With --repair: the statements that add what a recorded step lacks. */
  readonly repairs?: readonly PlanRepair[];
  /** The step whose statement includes this one. */
  readonly madeWith?: { readonly migration: string; readonly number: number };
}

export interface PlanRepair extends PlanStatement {
  /** "column ProcessingJob.recipe" */
  readonly object: string;
}

/** The statement, how the server executes it, and what it blocks. */
export interface PlanStatement {
  readonly sql: string;
  /** Session variables for this statement, as SQL text. */
  readonly session: Readonly<Record<string, number | string>>;
  /** Its effect on rows. */
  readonly effect?: string;
  readonly forecast: ForecastDocument;
  /** The table that decides how long it takes, with the server's estimate of its rows. */
  readonly reads: { readonly table: string; readonly rows: number; readonly bytes: number } | null;
}

export interface ForecastDocument {
  /** The ALGORITHM, or the verb of a statement that alters no table. */
  readonly algorithm: string;
  readonly lock: string;
  /** The same in words. */
  readonly how: string;
  /** Which sessions wait, and for how long. */
  readonly blocked: string;
  /**
   * Who waits while the statement gets its lock: readers and writers (users) of a table, its writers, or UPDATE and DELETE
   * (cascades).
   */
  readonly waits: readonly WaitsDocument[];
  /** Who waits until it ends. */
  readonly holds: readonly WaitsDocument[];
  /** Duration of the statement itself, as far as it was measured; 0 for an instant change, null if unknown. */
  readonly seconds: number | null;
  /** Why it is unknown. */
  readonly unknown?: string;
  /** What the seconds are in proportion to. */
  readonly basis?: BasisDocument;
}

export interface WaitsDocument {
  readonly table: string;
  readonly who: "users" | "writers" | "cascades";
}

/** A measurement, of the rehearsal or of the journal. */
export interface BasisDocument {
  readonly from: "rehearsal" | "journal";
  readonly seconds: number;
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  /** Of the journal. */
  readonly step?: { readonly migration: string; readonly number: number };
  /** The copy was on a single server, and this is a cluster. */
  readonly onOneServer?: true;
}

export interface PlanRepeatable {
  readonly name: string;
  readonly state: RepeatableState;
  readonly differences: readonly string[];
  /** Who waits or fails while it is changed. */
  readonly blocked?: string;
  readonly sql: readonly string[];
}

export interface PlanDefiner {
  /** Null for new procedures, and for those that ran as their caller. */
  readonly before: string | null;
  /** The account before does not exist, so calls fail now. */
  readonly gone: boolean;
  readonly after: string;
  readonly procedures: readonly string[];
}

/** `request`: the `up` that the plan was made for. */
export function planDocument(plan: Plan, { repair }: UpRequest = plainUp): PlanDocument {
  return {
    ...placeDocument(plan.server, plan.catalog.database),
    migrations: plan.migrations.filter(isShown).map(({ migration, state, late, steps }) => ({
      name: migration.name,
      state,
      late,
      why: migration.why,
      steps: steps.map((step) => stepDocument(step, repair)),
    })),
    repeatables: plan.repeatables.filter(isShown).map(repeatableDocument),
    definers: definerChanges(plan.repeatables, repair).map(({ before = null, isGone: gone, after, procedures }) => ({
      before,
      gone,
      after,
      procedures,
    })),
  };
}

/** Everything that is pending or needs attention. */
export function isShown({ state }: { readonly state: MigrationState | RepeatableState }): boolean {
  return state !== "applied";
}

// --- internal ---

function stepDocument(step: PlannedStep, repair: boolean): PlanStep {
  const { number, title, verdict, statement, forecast, madeWith, repairs } = step;
  return {
    number,
    title,
    catalog: verdict.state,
    notices: verdict.state === "absent" ? [] : verdict.notices.map(formatDifference),
    conflicts: verdict.state === "conflict" ? verdict.conflicts.map((each) => formatDifference(each.difference)) : [],
    ...(repairs === undefined || !repair
      ? {}
      : { repairs: repairs.map(({ object, add, forecast: of }) => ({ object, ...statementDocument(add, of) })) }),
    ...(madeWith === undefined ? {} : { madeWith: { migration: madeWith.migration, number: madeWith.number } }),
    ...(statement === undefined || forecast === undefined ? {} : statementDocument(statement, forecast)),
  };
}

function repeatableDocument(each: PlannedRepeatable): PlanRepeatable {
  const { live, name, state } = each;
  const blocked = blockedBy(each);
  return {
    name,
    state,
    differences: differencesOf(each),
    ...(blocked === undefined ? {} : { blocked }),
    sql: "change" in live ? live.change.statements.map(({ sql }) => sql) : [],
  };
}

/** A statement with its forecast. */
export function statementDocument({ sql, session = {}, effect }: Statement, forecast: Forecast): PlanStatement {
  const { reads = null } = forecast;
  return { sql, session, ...(effect === undefined ? {} : { effect }), forecast: forecastDocument(forecast), reads };
}

function forecastDocument(forecast: Forecast): ForecastDocument {
  const { basis, reads: _, seconds, ...rest } = forecast;
  return {
    ...rest,
    seconds: seconds === undefined ? null : roundSeconds(seconds),
    ...(basis === undefined ? {} : { basis: basisDocument(basis) }),
  };
}

function basisDocument(basis: Basis): BasisDocument {
  const { work: _, ...rest } = basis;
  return rest;
}
