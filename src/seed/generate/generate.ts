/** `seed generate`: any number of realistic jobs; the same random seed generates the same jobs. */
import { plural } from "../../plural.ts";
import { assertNoneMissing } from "../../access/require.ts";
import { introspect } from "../../catalog/introspect.ts";
import { type Server, readServer } from "../../catalog/server.ts";
import { countRows } from "../../db/count.ts";
import type { Db } from "../../db/db.ts";
import { withCircumstances } from "../../db/server-errors.ts";
import type { MigrateError } from "../../errors.ts";
import { type Hint, hint, withNote } from "../../hint.ts";
import type { Catalog } from "../../model.ts";
import type { Migration } from "../../plan/load-migrations.ts";
import { unlessKilled } from "../../run/kill-on-signal.ts";
import { assertRightServer } from "../../run/right-server.ts";
import { type RunOptions, stoppedAsAsked } from "../../run/run.ts";
import type { Lease } from "../../state/keep-lease.ts";
import { assertMigrated, atByServer, localTime, serverTime, withSeedTable } from "../requirements.ts";
import { pipelineTable, readPipelines } from "../rows/pipelines.ts";
import { inTransaction } from "../rows/write.ts";
import { ahead, batches } from "./batches.ts";
import { type WayName, wayOf } from "./bulk-insert.ts";
import { type Amount, amountOf } from "./content/amount.ts";
import { type GenerationRun, earliest } from "./content/row-writer.ts";
import { type Generated, generatedName, writeGenerated } from "./generated-jobs.ts";
import { nextIds } from "./reserve-ids.ts";
import { type GenerateRequest, beginGenerating, begun, shapesOf } from "./start.ts";
import { type TargetColumns, targetColumns } from "./target-columns.ts";

import { type PerTable, type TableName, idColumn, perTable, tableNames } from "./content/tables.ts";
import { assertRowsFit } from "./dry-run.ts";
import { momentOf, readZone } from "./time-zone.ts";

export interface GenerateOptions extends RunOptions, GenerateRequest {
  readonly migrations: readonly Migration[];
  /** Called if something would be written. Throws if the answer is no. */
  readonly confirm: (server: Server, plan: GeneratePlan) => Promise<void>;
}

export interface GeneratePlan {
  readonly name: string;
  readonly jobs: number;
  /** Number of jobs that an earlier run has written. */
  readonly already: number;
  /** Number of rows in all tables. */
  readonly rows: number;
  readonly way: WayName;
}

export interface GenerateResult extends GeneratePlan {
  readonly server: Server;
  readonly database: string;
  readonly at: string;
  /** The ids of the first and the last job. */
  readonly firstJob: number;
  readonly lastJob: number;
  /** Number of existing jobs; lower if some were deleted. */
  readonly there: number;
  readonly rowsByTable: Readonly<Record<TableName, number>>;
}

/**
 * Throws NOT_MIGRATED, MISSING_PRIVILEGE, NOT_ISPYB, USAGE if this random seed was used with other options here or if its
 * rows would not fit, CONFLICT for a run that another version started, what `confirm` throws, LEASE_HELD, errors of the
 * server, STATEMENT_FAILED and INTERRUPTED: then the same call continues with the first missing job.
 */
export async function generate(asked: GenerateOptions): Promise<GenerateResult> {
  const { migrations, randomSeed } = asked;
  await using main = await asked.connect("main");
  const server = await readServer(main);
  await localTime(main);
  const options = { ...asked, at: await atByServer(main, asked.at) };
  await assertMigrated(main, migrations);
  await assertNoneMissing(main, server.account, privileges, "this account lacks privileges to write generated jobs");
  const catalog = await introspect(main, server.dialect, { tables: [...tableNames, pipelineTable] });
  const targets = targetColumns(catalog);
  const way = await wayOf(main);
  const before = await begun(main, options);
  const amount = before?.ranges ?? (await amountOf(shapesOf(randomSeed), options.jobs, options.signals.stop));
  const plan: GeneratePlan = {
    name: generatedName(randomSeed),
    jobs: options.jobs,
    already: before?.progress.jobs ?? 0,
    rows: Object.values(amount.rows).reduce((sum, each) => sum + each, 0),
    way,
  };
  if (before?.state === "done") return await resultOf(main, server, before, plan);
  const retry = retryCommand(options);
  await assertRightServer(main, server, options.onReplica, retry);
  if (before === undefined) await tryOut(main, catalog, options, amount);
  await options.confirm(server, plan);
  const request = { ...options, main, server, retry };
  return await withSeedTable(request, async ({ changes, killable, lease }) => {
    // While the question was open, or another run held the lease, everything may have changed.
    await assertMigrated(main, migrations);
    let last = await begun(main, options);
    const stopped = (done: string) => generateStopped(options, last, done);
    const written = await killable(
      (run) =>
        withCircumstances(
          () => circumstances(options, last),
          async () => {
            const db = unlessKilled(run, stopped);
            last ??= await beginGenerating(db, options, amount);
            changes.begun = true;
            const facts = await valuesOf(db, catalog, options, last);
            for await (const each of write(db, last, facts, { lease, options, targets, way })) last = each;
            return last;
          },
        ),
      stopped,
    );
    return await resultOf(main, server, written, plan);
  });
}

// --- internal ---

/** Privileges on the whole database; ALTER TABLE also requires CREATE and INSERT. */
const privileges = ["SELECT", "INSERT", "UPDATE", "CREATE", "ALTER"];

/** Throws USAGE if the rows would not fit. */
async function tryOut(db: Db, catalog: Catalog, options: GenerateOptions, amount: Amount): Promise<void> {
  const first = await nextIds(db);
  const at = options.at ?? (await serverTime(db));
  const facts = await valuesOf(db, catalog, options, { at, ranges: { ...amount, first } });
  assertRowsFit(
    catalog,
    at,
    facts,
    perTable((table) => first[table] + amount.rows[table]),
  );
}

async function valuesOf(
  db: Db,
  catalog: Catalog,
  { randomSeed }: GenerateRequest,
  { at, ranges: { first, samples } }: { readonly at: string; readonly ranges: Amount & { readonly first: PerTable } },
): Promise<GenerationRun> {
  const moment = await momentOf(db, at);
  const zone = await readZone(db, earliest({ at: moment, samples }), moment);
  return { randomSeed, samples, at: moment, first, zone, pipelines: await readPipelines(db, catalog) };
}

interface Means {
  readonly lease: Lease;
  readonly options: GenerateOptions;
  readonly targets: ReadonlyMap<TableName, TargetColumns>;
  readonly way: WayName;
}

/** Yields the record after each transaction. */
async function* write(
  db: Db,
  generated: Generated,
  facts: GenerationRun,
  { lease, options, targets, way }: Means,
): AsyncGenerator<Generated, void> {
  let last = generated;
  const counted = () => options.progress({ kind: "counted", done: last.progress.jobs, of: last.jobs });
  counted();
  for await (const { batch, progress } of ahead(batches(last.jobs, last.progress, facts, way, targets))) {
    lease.check();
    if (options.signals.stop.aborted) throw generateStopped(options, last, "the current transaction was finished");
    const now = { ...last, progress, state: progress.jobs === last.jobs ? ("done" as const) : last.state };
    await inTransaction(db, last.name, async () => {
      await batch.send(db);
      await writeGenerated(db, now);
    });
    last = now;
    counted();
    yield last;
  }
}

async function resultOf(
  db: Db,
  server: Server,
  { at, jobs, ranges }: Generated,
  plan: GeneratePlan,
): Promise<GenerateResult> {
  const firstJob = ranges.first.ProcessingJob;
  const lastJob = firstJob + jobs - 1;
  const there = await countRows(db, "ProcessingJob", `${idColumn("ProcessingJob")} BETWEEN ? AND ?`, [
    firstJob,
    lastJob,
  ]);
  return {
    ...plan,
    server,
    database: db.database,
    at,
    firstJob,
    lastJob,
    there,
    rowsByTable: ranges.rows,
  };
}

function generateStopped(options: GenerateOptions, written: Generated | undefined, done: string): MigrateError {
  return stoppedAsAsked({ found: howFar(options, written), done, next: whatNext(options, written) });
}

/** `done` and `next` for an error of the server. */
function circumstances(options: GenerateOptions, written: Generated | undefined) {
  return {
    done: written === undefined ? "no row was written; ids may have been reserved" : howFar(options, written),
    next: whatNext(options, written),
  };
}

function howFar({ jobs }: GenerateOptions, written: Generated | undefined): string {
  return `${written?.progress.jobs ?? 0} of ${plural(jobs, "job")} written, with all their rows`;
}

function whatNext(options: GenerateOptions, written: Generated | undefined): Hint[] {
  const remove = hint("seed", { args: ["remove", generatedName(options.randomSeed)], note: "deletes them" });
  return [withNote(retryCommand(options), "continues"), ...(written === undefined ? [] : [remove])];
}

function retryCommand({ at, jobs, randomSeed }: GenerateRequest): Hint {
  return hint("seed", { args: ["generate", `${jobs}`], options: { "random-seed": `${randomSeed}`, at } });
}
