/**
 * Reads the plan of a database, by SELECT and SHOW alone: which migrations are recorded, which of their steps exist,
 * and what the others would do. `status`, `plan`, `verify`, `up`, `down` and `seed` all use it.
 */
import { isDeepStrictEqual } from "node:util";
import { assertMaySelect } from "../access/require.ts";
import { type Needs, readNeeds, withNeeds } from "../catalog/hidden.ts";
import { introspect } from "../catalog/introspect.ts";
import { readRelations } from "../catalog/relations.ts";
import { type Server, readServer } from "../catalog/server.ts";
import { readSizes } from "../catalog/sizes.ts";
import type { Db } from "../db/db.ts";
import { type Catalog, findColumn, findTable } from "../model.ts";
import type { RepeatableContext } from "../repeatables/context.ts";
import { planRepeatables, tablesOfRepeatables } from "../repeatables/plan-repeatables.ts";
import type { ProcedureSource } from "../repeatables/procedures/source.ts";
import type { RoutineSettings } from "../repeatables/procedures/wanted.ts";
import type { PlannedRepeatable } from "../repeatables/repeatable.ts";
import { type Entry, readJournal } from "../state/journal.ts";
import { readLeaseHere } from "../state/lease-here.ts";
import type { LeaseHolder } from "../state/lease-holder.ts";
import { type Skip, applySkip } from "../state/skips.ts";
import { existingToolTables } from "../state/tables.ts";
import type { Answers, Facts, Statement } from "../steps/contract.ts";
import { tablesOf } from "../steps/index.ts";
import type { Step } from "../steps/step.ts";
import { askQuestions } from "./ask-questions.ts";
import { forecast } from "./forecast.ts";
import { withWantedTypes } from "./with-missing-parts.ts";
import { assertIspyb, ispybTables } from "./ispyb-tables.ts";
import { type Migration, upTo } from "./load-migrations.ts";
import {
  type MissingMigration,
  type PlannedMigration,
  type PlannedStep,
  isDrifted,
  missingFiles,
  planMigrations,
} from "./plan.ts";
import { repairsOf } from "./repairs.ts";
import type { Evidence } from "./predict.ts";
import { type Rehearsal, assertSameSeries } from "./rehearsal.ts";
import { asideTablesOf } from "./set-aside.ts";

export interface Plan {
  readonly server: Server;
  readonly catalog: Catalog;
  readonly migrations: readonly PlannedMigration[];
  /** Procedures, rows of SchemaStatus, privileges: what follows the migrations. */
  readonly repeatables: readonly PlannedRepeatable[];
  /** What the repeatables were judged by. */
  readonly context: RepeatableContext;
  readonly missing: readonly MissingMigration[];
  readonly lease?: LeaseHolder;
  readonly answers: Answers;
  /** What tables need beyond their catalog. */
  readonly needs: Needs;
  /** Tables with new columns of which this account cannot see whether they can be instant: it lacks PROCESS. */
  readonly unseen: readonly string[];
}

export interface PlanOptions {
  /** The last migration to apply. */
  readonly to?: string;
  /** Follow the migrations, if all of them are wanted. */
  readonly procedures?: readonly ProcedureSource[];
  /** How procedures are created. */
  readonly routines?: RoutineSettings;
  /** Also plans roles that do not exist. */
  readonly createRoles?: boolean;
  /** Plans as if the journal already had this skip. */
  readonly skip?: Skip;
  /** What tables need beyond their catalog, if the server was asked. */
  readonly needs?: Needs;
  /** How long statements took on a copy. */
  readonly rehearsal?: Rehearsal;
}

/** Readings of a plan while another run writes its journal. Between two rows, a run is busy for longer than a reading takes. */
const READINGS = 20;

/**
 * Reads the plan of these migrations, or of those up to and including `to`. Journal and schema belong together: if the
 * journal has changed when all is read, all is read again. Throws SERVER_UNSUPPORTED, MISSING_PRIVILEGE without SELECT, USAGE
 * if `to` is no migration, and NOT_ISPYB if tables of every ISPyB are missing.
 */
export async function readPlan(db: Db, all: readonly Migration[], options: PlanOptions = {}): Promise<Plan> {
  for (let reading = 1; ; reading++) {
    const plan = await readOnce(db, all, options);
    if (reading === READINGS || isDeepStrictEqual(await readJournal(db), plan.context.recorded)) return plan;
  }
}

/** The facts by which the plan was judged, for further questions about its steps. */
export function factsOfPlan({ catalog, server, answers }: Plan): Facts {
  return { catalog, dialect: server.dialect, answers, later: [] };
}

// --- internal ---

async function readOnce(db: Db, all: readonly Migration[], options: PlanOptions): Promise<Plan> {
  const { to } = options;
  const wanted = to === undefined ? all : upTo(all, to);
  const server = await readServer(db);
  const { rehearsal } = options;
  if (rehearsal !== undefined) assertSameSeries(rehearsal, server);
  await assertMaySelect(db, server.account);
  const steps = all.flatMap((migration) => migration.steps);
  const touched = steps.flatMap((step) => [...tablesOf(step), ...asideTablesOf(step)]);
  const tables = [...new Set([...ispybTables, ...touched, ...tablesOfRepeatables(options.procedures)])];
  const shown = await introspect(db, server.dialect, { tables });
  const toolTables = await existingToolTables(db);
  const recorded = await readJournal(db, toolTables);
  await assertIspyb(db, shown, { all: tables, created: createdFirst(all, recorded) });
  const grown = tablesWithNewColumns(steps, shown);
  const seen = options.needs ?? (await readNeeds(db, shown, server.dialect, grown));
  const needs = seen ?? new Map();
  const catalog = withNeeds(shown, needs);
  const journal = options.skip === undefined ? recorded : applySkip(recorded, options.skip);
  const lease = await readLeaseHere(db, server, toolTables);
  const answers = await askQuestions(db, steps, catalog);
  const facts = { catalog, dialect: server.dialect, answers, later: [] };
  const { migrations: planned, after } = planMigrations(wanted, all, journal, facts);
  const counted = planned.filter(({ state }) => state !== "skipped");
  const context: RepeatableContext = {
    server,
    catalog: withWantedTypes(
      after,
      counted.flatMap((each) => each.steps),
    ),
    migrations: all.map(({ name, upstream }) => ({ name, upstream })),
    applied: new Set(counted.map(({ migration }) => migration.name)),
    isWhole: wanted.length === all.length,
    entries: journal,
    recorded,
    procedures: options.procedures ?? [],
    routines: options.routines ?? {},
    createRoles: options.createRoles ?? false,
  };
  const repeatables = await planRepeatables(db, context);
  return {
    server,
    catalog,
    migrations: await withForecasts(db, planned, server, {
      journal: recorded,
      ...(rehearsal === undefined ? {} : { rehearsal }),
    }),
    repeatables,
    context,
    missing: missingFiles(all, journal),
    ...(lease === undefined ? {} : { lease }),
    answers,
    needs,
    unseen: seen === undefined ? grown : [],
  };
}

/** The tables that these migrations create, where none of them is recorded: before that, a facility may have one of its own. */
function createdFirst(migrations: readonly Migration[], recorded: readonly Entry[]): string[] {
  const fresh = migrations.filter(({ name }) => !recorded.some(({ migration }) => migration === name));
  return fresh.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === "createTable" ? [step.table] : [])));
}

/** Existing tables that lack a column of these steps. */
function tablesWithNewColumns(steps: readonly Step[], catalog: Catalog): string[] {
  const names = steps.flatMap((step) => {
    const table = step.kind === "addColumn" ? findTable(catalog, step.table) : undefined;
    const isNew = step.kind === "addColumn" && table !== undefined && findColumn(table, step.column.name) === undefined;
    return isNew ? [table.name] : [];
  });
  return [...new Set(names)];
}

/** Adds the forecast to each statement, those of a repair included. Only now is it known which tables have to be measured. */
async function withForecasts(
  db: Db,
  migrations: readonly PlannedMigration[],
  server: Server,
  evidence: Evidence,
): Promise<PlannedMigration[]> {
  const repairs = (each: PlannedMigration, { verdict }: PlannedStep) =>
    isDrifted(each) && verdict.state === "conflict" ? repairsOf(verdict.conflicts) : undefined;
  const statements = migrations.flatMap((each) =>
    each.steps.flatMap((step) => [step.statement ?? [], (repairs(each, step) ?? []).map(({ add }) => add)].flat()),
  );
  const relations = statements.length === 0 ? [] : await readRelations(db);
  const sizes = await readSizes(db, [...new Set(statements.flatMap(({ reads }) => reads ?? []))]);
  const of = (statement: Statement) => forecast(statement, server, sizes, relations, evidence);
  const withForecast = (each: PlannedMigration, step: PlannedStep): PlannedStep => {
    if (step.statement !== undefined) return { ...step, forecast: of(step.statement) };
    const added = repairs(each, step);
    return added === undefined ? step : { ...step, repairs: added.map((one) => ({ ...one, forecast: of(one.add) })) };
  };
  return migrations.map((each) => ({ ...each, steps: each.steps.map((step) => withForecast(each, step)) }));
}
