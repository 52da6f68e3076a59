import { assertMaySetDefiners, assertPrivileges } from "../../access/require.ts";
import type { Db } from "../../db/db.ts";
import { MigrateError, appendOutcome } from "../../errors.ts";
import { type Hint, hint } from "../../hint.ts";
import { findTable } from "../../model.ts";
import type { Migration } from "../../plan/load-migrations.ts";
import { counted } from "../../plural.ts";
import { assertWritable } from "../../preflight/writable.ts";
import { undoOneRepeatable } from "../../repeatables/down.ts";
import { type JournalWriter, openJournalWriter } from "../../run/journal-writer.ts";
import type { Run, RunOptions } from "../../run/run.ts";
import { withLease } from "../../run/with-lease.ts";
import { checkFolder } from "../../save/save-file.ts";
import { readJournal } from "../../state/journal.ts";
import { isRepeatable } from "../../state/repeatable-names.ts";
import { dropToolTables } from "../../state/tables.ts";
import { runDown } from "../umzug.ts";
import { type DownPlan, type Until, planDown } from "./down-plan.ts";
import { type RowSaver, assertSavable, dataLoss, openRowSaver } from "./save-rows.ts";
import { undoStep } from "./undo-step.ts";

export interface DownOptions extends RunOptions {
  readonly migrations: readonly Migration[];
  readonly until: Until;
  readonly allowDataLoss: boolean;
  /** An existing folder for the file with the rows that are lost. */
  readonly saveTo: string;
  /** Called once, after the plan is known and before anything is changed. Throws if the answer is no. */
  readonly confirm: (plan: DownPlan) => Promise<void>;
}

export interface DownResult {
  /** The plan before the run. */
  readonly plan: DownPlan;
  /** Names of the migrations, newest first. */
  readonly undone: readonly string[];
  /** The tool's own tables that were dropped, because nothing recorded remained. */
  readonly droppedTables: readonly string[];
  /** Path of the file with the rows that were lost; undefined if there were none. */
  readonly saved?: string;
}

/**
 * Undoes what this tool created, the newest first, and deletes the record of what was there before. Safe to run again
 * after anything that stopped it. Throws what planning and `confirm` throw, SERVER_READ_ONLY, MISSING_PRIVILEGE,
 * DATA_LOSS, LEASE_HELD, SAVE_FAILED, and the errors of its statements.
 */
export async function down(options: DownOptions): Promise<DownResult> {
  const { migrations, until } = options;
  await using main = await options.connect("main");
  const asked = await planDown(main, migrations, until);
  if (asked.migrations.length + asked.repeatables.length === 0 && !asked.everything)
    return { plan: asked, undone: [], droppedTables: [] };
  const retry = retryCommand(options, asked);
  await assertMayBegin(main, asked, options, retry);
  await options.confirm(asked);

  return await withLease({ ...options, main, server: asked.server, retry }, async ({ killable, progress }) => {
    // While the question was open, or another run held the lease, everything may have changed.
    const plan = await planDown(main, migrations, until);
    if (outlineOf(plan) !== outlineOf(asked)) throw changedMeanwhile(plan, retry);
    await assertMayBegin(main, plan, options, retry);
    const { allowDataLoss: allowed, saveTo: folder } = options;
    const rowSaver = openRowSaver({ migrations, allowed, folder, retry, progress });
    try {
      const undone = await killable((run) => execute(run, plan, migrations, rowSaver));
      const droppedTables = (await readJournal(main)).length === 0 ? await dropToolTables(main) : [];
      return { plan, undone, droppedTables, ...(rowSaver.path === undefined ? {} : { saved: rowSaver.path }) };
    } catch (error) {
      throw rowSaver.path === undefined ? error : appendOutcome(error, `rows were saved to ${rowSaver.path}`);
    }
  });
}

/** Names the oldest migration: a second `--last` would count from where the first one stopped. */
function retryCommand({ until, allowDataLoss, saveTo }: DownOptions, plan: DownPlan): Hint<"down"> {
  const to = "to" in until ? until.to : (plan.migrations.at(-1)?.name ?? "");
  const losing = allowDataLoss ? { "allow-data-loss": true as const, "save-to": saveTo } : {};
  return hint("down", { options: { to, ...losing } });
}

/** The part of a plan that must not change while the question is open. Rows may change. */
function outlineOf({ everything, migrations, repeatables }: DownPlan): string {
  const steps = migrations.flatMap((migration) => migration.steps);
  return JSON.stringify([
    everything,
    repeatables,
    steps.map((step) => [step.migration, step.number, step.made, step.undo?.statement?.sql]),
  ]);
}

function changedMeanwhile(plan: DownPlan, retry: Hint): MigrateError {
  return new MigrateError("CONFLICT", "another run changed this database while the question was open", {
    where: plan.catalog.database,
    found: plan.migrations.map(({ name }) => name),
    done: "this run changed nothing",
    next: [hint("status"), retry],
  });
}

/** All checks of what could stop it half-way, before its first statement. */
async function assertMayBegin(db: Db, plan: DownPlan, options: DownOptions, retry: Hint<"down">): Promise<void> {
  assertWritable(plan.server);
  const steps = plan.migrations.flatMap((migration) => migration.steps);
  const locking = steps.some(({ undo }) => undo?.hold === "lock");
  // Without SHOW VIEW and TRIGGER, dependent views and triggers are not visible.
  const routines = plan.repeatables.some(({ name, made }) => made === "done" && name.startsWith("procedures/"));
  const wanted = [
    "DROP",
    "DELETE",
    "SHOW VIEW",
    "TRIGGER",
    ...(locking ? ["LOCK TABLES"] : []),
    ...(routines ? ["CREATE ROUTINE", "ALTER ROUTINE"] : []),
    ...plan.repeatables.flatMap(({ needs }) => needs ?? []),
  ];
  const { account } = plan.server;
  await assertPrivileges(db, account, [...new Set(wanted)]);
  await assertMaySetDefiners(
    db,
    plan.server,
    plan.repeatables.flatMap(({ definers }) => definers ?? []),
  );
  const losing = steps.filter(({ rows }) => rows > 0);
  if (losing.length === 0) return;
  const losses = losing.map(({ rows, undo }) => counted(rows, undo?.loss?.what ?? ""));
  if (!options.allowDataLoss) throw dataLoss(losses, plan.catalog.database, retry);
  const locked = losing.filter(({ undo }) => undo?.hold === "lock");
  if (plan.server.cluster && locked.length > 0) {
    throw new MigrateError("DATA_LOSS", "rows would be lost, and a cluster cannot lock a table on all its nodes", {
      where: plan.catalog.database,
      found: locked.map(({ rows, undo }) => counted(rows, undo?.loss?.what ?? "")),
      done: "nothing was changed",
      next: ["save these values yourself, change them to values that the old column accepts, then", retry],
    });
  }
  for (const { undo } of losing) {
    const table = undo?.loss === undefined ? undefined : findTable(plan.catalog, undo.loss.table);
    if (undo?.loss !== undefined && table !== undefined) assertSavable(options.migrations, undo.loss, table);
  }
  await checkFolder(options.saveTo);
}

/** Deletes the skips of procedures and privileges; migrations delete their own. */
async function forgetSkips(journal: JournalWriter): Promise<void> {
  const skips = journal.entries.filter(({ migration, state }) => state === "skipped" && isRepeatable(migration));
  for (const { migration, step } of skips) await journal.forgetRow(migration, step);
}

async function execute(
  run: Run,
  plan: DownPlan,
  migrations: readonly Migration[],
  rowSaver: RowSaver,
): Promise<string[]> {
  const oldest = plan.migrations.at(-1);
  const journal = await openJournalWriter(run.main, run.server, run.lease);
  for (const each of plan.repeatables) await undoOneRepeatable(run, journal, each);
  if (plan.everything) await forgetSkips(journal);
  if (oldest === undefined) return [];
  const undone: string[] = [];
  await runDown(
    {
      migrations,
      executed: async () => plan.migrations.map(({ name }) => name).toReversed(),
      async run({ name }) {
        run.progress({ kind: "section", name });
        // From here on the migration is only partly there, and `up` has to run again.
        await journal.forgetWhole(name);
        const steps = plan.migrations.find((each) => each.name === name)?.steps ?? [];
        for (const step of steps) await undoStep({ run, journal, rowSaver }, step);
      },
      async log({ name }) {
        undone.push(name);
      },
    },
    oldest.name,
  );
  return undone;
}
