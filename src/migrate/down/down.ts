import type { Needs } from "../../catalog/hidden.ts";
import type { Db } from "../../db/db.ts";
import { MigrateError, appendOutcome } from "../../errors.ts";
import { type Hint, hint } from "../../hint.ts";
import type { DownPlan } from "../../plan/down-plan.ts";
import { undoneTogether } from "../../plan/join-drops.ts";
import type { Migration } from "../../plan/load-migrations.ts";
import { askServer } from "../../preflight/ask-server.ts";
import { preflightDown } from "../../preflight/preflight.ts";
import { droppableNow } from "../../preflight/sendable.ts";
import { undoOneRepeatable } from "../../repeatables/down.ts";
import { type JournalWriter, openJournalWriter } from "../../run/journal-writer.ts";
import { patientReader } from "../../run/patient-reading.ts";
import type { Run, RunOptions } from "../../run/run.ts";
import { withLease } from "../../run/with-lease.ts";
import { type Entry, isForgotten, readJournal } from "../../state/journal.ts";
import { isRepeatable } from "../../state/repeatable-names.ts";
import { dropToolTables } from "../../state/tables.ts";
import { runDown } from "../umzug.ts";
import { type DownRequested, isNothing, lookDown, readDownPlan, retryCommand } from "./look.ts";
import { type RowSaver, openRowSaver } from "./save-rows.ts";
import { undoStep } from "./undo-step.ts";

export interface DownOptions extends RunOptions, DownRequested {
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
  const { migrations } = options;
  await using session = await options.connect("main");
  const main = patientReader(session, { ...options, retry: retryCommand(options) });
  const { plan: first, refusal, retry } = await lookDown(main, options);
  if (isNothing(first)) return { plan: first, undone: [], droppedTables: [] };
  if (refusal !== undefined) throw refusal;
  const needs = await asked(main, first, options, retry);
  const shown = needs.size === 0 ? first : await readDownPlan(main, options, needs);
  await options.confirm(shown);

  return await withLease({ ...options, main, needs, server: shown.server, retry }, async ({ killable, progress }) => {
    // While the question was open, or another run held the lease, everything may have changed.
    const plan = await readDownPlan(main, options, needs, "ours");
    if (outlineOf(plan) !== outlineOf(shown)) throw changedMeanwhile(plan, retry);
    await preflightDown(main, { plan, request: options, retry });
    const { allowDataLoss: allowed, saveTo: folder } = options;
    const rowSaver = openRowSaver({ migrations, allowed, folder, retry, progress });
    try {
      const undone = await killable(async (run) => {
        try {
          return await execute(run, plan, migrations, rowSaver);
        } finally {
          await rowSaver.finish();
        }
      });
      const droppedTables = (await readJournal(main)).length === 0 ? await dropToolTables(main) : [];
      const [saved] = rowSaver.paths;
      return { plan, undone, droppedTables, ...(saved === undefined ? {} : { saved }) };
    } catch (error) {
      const { paths } = rowSaver;
      throw paths.length === 0 ? error : appendOutcome(error, `rows were saved to ${paths.join(" and ")}`);
    }
  });
}

// --- internal ---

/** What tables need to drop our columns, as the server says. */
async function asked(main: Db, plan: DownPlan, { connect }: DownOptions, retry: Hint): Promise<Needs> {
  const { server } = plan;
  if (server.cluster) return new Map();
  return await askServer({ connect, main, server, statements: droppableNow(plan), retry }, new Map(), false);
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

/** Deletes what is no record of a change: skips, and steps of migrations that were not done. */
async function forgetLeftOver(journal: JournalWriter): Promise<void> {
  const isLeftOver = ({ migration, state }: Entry) =>
    state === "skipped" ||
    (state === "not done" && !isRepeatable(migration)) ||
    isForgotten(journal.entries, migration);
  for (const { migration, step } of journal.entries.filter(isLeftOver)) await journal.forgetRow(migration, step);
}

async function execute(
  run: Run,
  plan: DownPlan,
  migrations: readonly Migration[],
  rowSaver: RowSaver,
): Promise<string[]> {
  const oldest = plan.migrations.at(-1);
  const all = plan.migrations.flatMap(({ steps }) => steps);
  const journal = await openJournalWriter(run);
  for (const each of plan.repeatables) await undoOneRepeatable(run, journal, each);
  if (plan.everything) await forgetLeftOver(journal);
  if (oldest === undefined) return [];
  const undone: string[] = [];
  await runDown(
    {
      migrations: plan.migrations
        .flatMap(({ name }) => migrations.find((each) => each.name === name) ?? [])
        .toReversed(),
      executed: async () => plan.migrations.map(({ name }) => name).toReversed(),
      async run({ name }) {
        run.progress({ kind: "section", name });
        // From here on the migration is only partly there, and `up` has to run again.
        await journal.forgetWhole(name);
        const steps = plan.migrations.find((each) => each.name === name)?.steps ?? [];
        for (const step of steps) await undoStep({ run, journal, rowSaver }, step, undoneTogether(all, step));
      },
      async log({ name }) {
        undone.push(name);
      },
    },
    oldest.name,
  );
  return undone;
}
