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
import type { Answers, Facts } from "../steps/contract.ts";
import { conventionTables } from "../steps/convention.ts";
import { tablesOf } from "../steps/index.ts";
import { refuseBlindness } from "./access.ts";
import { ask } from "./answers.ts";
import { asideTablesOf } from "./aside.ts";
import { type MissingMigration, type SurveyedMigration, assess, missingFiles } from "./assess.ts";
import { readJournal } from "./journal.ts";
import { type LeaseHolder, readLease } from "./lease-holder.ts";
import { type Migration, upTo } from "./load.ts";

export interface Survey {
  readonly server: Server;
  readonly catalog: Catalog;
  readonly migrations: readonly SurveyedMigration[];
  readonly missing: readonly MissingMigration[];
  readonly lease?: LeaseHolder;
  /** The server's estimates for the tables that statements read. */
  readonly sizes: Readonly<Record<string, TableSize>>;
  readonly answers: Answers;
}

/**
 * Looks at these migrations, or at those up to and including `to`. Throws SERVER_UNSUPPORTED,
 * MISSING_PRIVILEGE without SELECT, USAGE where `to` is no migration, and NOT_ISPYB where the parents
 * of every migration are missing.
 */
export async function survey(db: Db, all: readonly Migration[], to?: string): Promise<Survey> {
  const wanted = to === undefined ? all : upTo(all, to);
  const server = await readServer(db);
  refuseOldServer(server);
  await refuseBlindness(db, server.account);
  const steps = all.flatMap((migration) => migration.steps);
  const tables = [...new Set([...parents, ...steps.flatMap((step) => [...tablesOf(step), ...asideTablesOf(step)])])];
  const catalog = await introspect(db, server.dialect, { tables });
  refuseStrangeDatabase(catalog);
  const journal = await readJournal(db);
  const lease = await readLease(db);
  const answers = await ask(db, steps, catalog);
  const surveyed = assess(wanted, all, journal, { catalog, dialect: server.dialect, answers, later: [] });
  const read = surveyed.flatMap((each) => each.steps).flatMap((step) => step.statement?.reads ?? []);
  return {
    server,
    catalog,
    migrations: surveyed,
    missing: missingFiles(all, journal),
    ...(lease === undefined ? {} : { lease }),
    sizes: await readSizes(db, [...new Set(read)]),
    answers,
  };
}

/** The facts by which a survey judged, for further questions about its steps. */
export function factsOf({ catalog, server, answers }: Survey): Facts {
  return { catalog, dialect: server.dialect, answers, later: [] };
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
