/**
 * One look at a database, by SELECT and SHOW alone: which migrations are recorded, which of their
 * steps the catalog shows, and what the others would do. `status`, `plan`, `verify` and `up` all
 * speak from this.
 */
import { introspect } from "../catalog/introspect.ts";
import { type Server, readServer } from "../catalog/server.ts";
import { readSizes } from "../catalog/sizes.ts";
import type { Db } from "../db/db.ts";
import { isSupported, oldestSupported, productName } from "../dialect/version.ts";
import { MigrateError } from "../errors.ts";
import { type Catalog, type TableSize, findTable } from "../model.ts";
import { conventionTables } from "../steps/convention.ts";
import { inspect, project, render, tablesOf, title } from "../steps/index.ts";
import type { Statement, Step, Verdict } from "../steps/step.ts";
import { refuseBlindness } from "./access.ts";
import { type Entry, entryOf, readJournal } from "./journal.ts";
import { type LeaseHolder, readLease } from "./lease-holder.ts";
import type { Migration } from "./load.ts";

/**
 * applied: recorded, and the catalog agrees; done by us or found at the time.
 * found: the catalog has it all, nothing is recorded yet; `up` records it.
 * pending: something is still to be made, or a run was stopped in the middle.
 * drift: recorded as applied, and no longer there.
 * edited: recorded with another checksum than the file has now.
 * conflict: something else stands in its place.
 */
export type MigrationState = "applied" | "found" | "pending" | "drift" | "edited" | "conflict";

export interface SurveyedStep {
  /** Counted from 1 within its migration. */
  readonly number: number;
  readonly step: Step;
  readonly title: string;
  readonly verdict: Verdict;
  readonly entry?: Entry;
  /** What would be sent, where the step is absent. */
  readonly statement?: Statement;
}

export interface SurveyedMigration {
  readonly migration: Migration;
  readonly state: MigrationState;
  readonly entry?: Entry;
  readonly steps: readonly SurveyedStep[];
}

export interface Survey {
  readonly server: Server;
  readonly catalog: Catalog;
  readonly migrations: readonly SurveyedMigration[];
  /** Recorded as applied, but without a file. */
  readonly missing: readonly string[];
  readonly lease?: LeaseHolder;
  /** The server's estimates for the tables that statements read. */
  readonly sizes: Readonly<Record<string, TableSize>>;
}

/** Throws SERVER_UNSUPPORTED, MISSING_PRIVILEGE without SELECT, and NOT_ISPYB where the parents of every migration are missing. */
export async function survey(db: Db, migrations: readonly Migration[]): Promise<Survey> {
  const server = await readServer(db);
  refuseOldServer(server);
  await refuseBlindness(db, server.account);
  const steps = migrations.flatMap((migration) => migration.steps);
  const tables = [...new Set([...parents, ...steps.flatMap(tablesOf)])];
  const catalog = await introspect(db, server.dialect, { tables });
  refuseStrangeDatabase(catalog);
  const journal = await readJournal(db);
  const lease = await readLease(db);
  const surveyed = assess(migrations, journal, catalog, server);
  const read = surveyed.flatMap((each) => each.steps).flatMap((step) => step.statement?.reads ?? []);
  return {
    server,
    catalog,
    migrations: surveyed,
    missing: missingFiles(migrations, journal),
    ...(lease === undefined ? {} : { lease }),
    sizes: await readSizes(db, [...new Set(read)]),
  };
}

/** Each step is judged by the catalog as the steps before it will have left it. */
function assess(
  migrations: readonly Migration[],
  journal: readonly Entry[],
  catalog: Catalog,
  server: Server,
): SurveyedMigration[] {
  let projected = catalog;
  return migrations.map((migration) => {
    const steps = migration.steps.map((step, at): SurveyedStep => {
      const facts = { catalog: projected, dialect: server.dialect };
      const verdict = inspect(step, facts);
      const entry = entryOf(journal, migration.name, at + 1);
      const statement = verdict.state === "absent" ? render(step, facts) : undefined;
      if (verdict.state === "absent" || isStillToBeMade(step, verdict, projected)) projected = project(step, facts);
      return {
        number: at + 1,
        step,
        title: title(step),
        verdict,
        ...(entry === undefined ? {} : { entry }),
        ...(statement === undefined ? {} : { statement }),
      };
    });
    const entry = entryOf(journal, migration.name, 0);
    return {
      migration,
      state: stateOf(migration, entry, steps),
      ...(entry === undefined ? {} : { entry }),
      steps,
    };
  });
}

/** A table that cannot be made yet is one conflict, and not one more for each step that builds upon it. */
function isStillToBeMade(step: Step, verdict: Verdict, catalog: Catalog): boolean {
  return step.kind === "createTable" && verdict.state === "conflict" && findTable(catalog, step.table) === undefined;
}

function stateOf(migration: Migration, entry: Entry | undefined, steps: readonly SurveyedStep[]): MigrationState {
  const every = (state: Verdict["state"]) => steps.every((step) => step.verdict.state === state);
  if (steps.some((step) => step.verdict.state === "conflict")) return "conflict";
  if (entry !== undefined && entry.checksum !== migration.checksum) return "edited";
  if (entry !== undefined) return every("present") ? "applied" : "drift";
  // A step that is recorded is ours or was counted already; only an untouched migration is "found".
  return every("present") && steps.every((step) => step.entry === undefined) ? "found" : "pending";
}

function missingFiles(migrations: readonly Migration[], journal: readonly Entry[]): string[] {
  const known = new Set(migrations.map((migration) => migration.name));
  return [...new Set(journal.map((entry) => entry.migration))].filter((name) => !known.has(name));
}

function refuseOldServer(server: Server): void {
  if (isSupported(server.dialect)) return;
  throw new MigrateError("SERVER_UNSUPPORTED", "this server is too old", {
    found: productName(server.dialect),
    wanted: `${oldestSupported(server.dialect.vendor)} or newer`,
    done: "nothing was changed",
    next: "upgrade the server, or run the tool against a copy on a newer one",
  });
}

/** The tables that every ISPyB has and that our migrations build upon. */
const parents = [...conventionTables, "AutoProcProgram"];

function refuseStrangeDatabase(catalog: Catalog): void {
  const absent = parents.filter((name) => findTable(catalog, name) === undefined);
  if (absent.length === 0) return;
  throw new MigrateError("NOT_ISPYB", `${catalog.database} is not an ISPyB database`, {
    where: catalog.database,
    found: `no table ${absent.join(", ")}`,
    wanted: `the tables ${parents.join(", ")}`,
    done: "nothing was changed",
    next: "name the right database: --database NAME, or the path of --url",
  });
}

/** `up` has something to make or to record here. */
export function isPending({ state }: SurveyedMigration): boolean {
  return state === "pending" || state === "found";
}

/** A person has to look first: `up` refuses. */
export function needsAttention({ state }: SurveyedMigration): boolean {
  return state === "drift" || state === "edited" || state === "conflict";
}
