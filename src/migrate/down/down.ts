import { refuseForeignDefiners, refuseMissingPrivileges } from "../../access/require.ts";
import { shellWord } from "../../db/client-command.ts";
import type { Db } from "../../db/db.ts";
import { MigrateError, withDone } from "../../errors.ts";
import { findTable } from "../../model.ts";
import type { Migration } from "../../plan/load.ts";
import { refuseReadOnly } from "../../preflight/preflight.ts";
import { takeBackRepeatable } from "../../repeatables/plan-down.ts";
import { type Ledger, openLedger } from "../../run/journal-writer.ts";
import { killable } from "../../run/kill-on-signal.ts";
import { type Progress, type Run, type Signals, interrupted } from "../../run/run.ts";
import { checkFolder } from "../../save/save-file.ts";
import { readJournal } from "../../state/journal.ts";
import { acquireLease } from "../../state/lease.ts";
import { isRepeatable } from "../../state/repeatable-names.ts";
import { dropToolTables } from "../../state/tables.ts";
import { runDown } from "../umzug.ts";
import { type DownPlan, type Until, planDown } from "./plan-down.ts";
import { type Rescue, dataLoss, openRescue, refuseUnsavable } from "./save-rows.ts";
import { takeBack } from "./undo-step.ts";

export interface DownOptions {
  /** Opens a session; `down` needs one to work in and one that looks on. */
  readonly connect: (role: string) => Promise<Db>;
  readonly migrations: readonly Migration[];
  readonly until: Until;
  readonly allowDataLoss: boolean;
  /** An existing folder for the file with the rows that are lost. */
  readonly saveTo: string;
  /** Called once, after the plan is known and before anything is changed. Throws where the answer is no. */
  readonly confirm: (plan: DownPlan) => Promise<void>;
  readonly progress: (event: Progress) => void;
  readonly signals: Signals;
}

export interface DownResult {
  /** As it was before. */
  readonly plan: DownPlan;
  /** Names of the migrations, newest first. */
  readonly takenBack: readonly string[];
  /** Path of the file with the rows that were lost, where there were any. */
  readonly saved?: string;
}

/**
 * Takes back what this tool made, newest first, and forgets what it only found. Run again after
 * anything that stopped it. Throws what planning and `confirm` throw, SERVER_READ_ONLY,
 * MISSING_PRIVILEGE, DATA_LOSS, LEASE_HELD, SAVE_FAILED, and what the statements meet.
 */
export async function down(options: DownOptions): Promise<DownResult> {
  const { migrations, progress, signals, until } = options;
  await using main = await options.connect("main");
  const asked = await planDown(main, migrations, until);
  if (asked.migrations.length + asked.repeatables.length === 0 && !asked.everything)
    return { plan: asked, takenBack: [] };
  const again = commandOf(options, asked);
  await refuse(main, asked, options, again);
  await options.confirm(asked);

  await using keeper = await options.connect("keeper");
  const { server } = asked;
  await using lease = await acquireLease(
    { main, keeper, server },
    (reason) => progress({ kind: "waiting", reason }),
    signals.stop,
    again,
  );
  // While the question stood there, or another run held the lease, everything may have changed.
  const plan = await planDown(main, migrations, until);
  if (outlineOf(plan) !== outlineOf(asked)) throw changedMeanwhile(plan, again);
  await refuse(main, plan, options, again);
  const run: Run = { main, keeper, server, lease, sizes: {}, signals, again, progress };
  const rescue = openRescue({
    db: main,
    migrations,
    allowed: options.allowDataLoss,
    folder: options.saveTo,
    again,
    progress,
  });
  try {
    const takenBack = await killable(
      run,
      (what) => interrupted(run, what),
      () => execute(run, plan, migrations, rescue),
    );
    if ((await readJournal(main)).length === 0) await dropToolTables(main);
    return { plan, takenBack, ...(rescue.path === undefined ? {} : { saved: rescue.path }) };
  } catch (error) {
    throw rescue.path === undefined ? error : withDone(error, `rows were saved to ${rescue.path}`);
  }
}

/** By the name of the oldest, because a second `--last` would count from where the first one stopped. */
function commandOf({ until, allowDataLoss, saveTo }: DownOptions, plan: DownPlan): string {
  const to = "to" in until ? until.to : (plan.migrations.at(-1)?.name ?? "");
  const losing = allowDataLoss ? ` --allow-data-loss --save-to ${shellWord(saveTo)}` : "";
  return `ispyb-migrate down --to ${to}${losing}`;
}

/** What was asked about: rows may have come and gone meanwhile, steps may not. */
function outlineOf({ everything, migrations, repeatables }: DownPlan): string {
  const steps = migrations.flatMap((migration) => migration.steps);
  return JSON.stringify([
    everything,
    repeatables,
    steps.map((step) => [step.migration, step.number, step.made, step.undo?.statement?.sql]),
  ]);
}

function changedMeanwhile(plan: DownPlan, again: string): MigrateError {
  return new MigrateError("CONFLICT", "another run changed this database while the question was open", {
    where: plan.catalog.database,
    found: plan.migrations.map(({ name }) => name),
    done: "nothing was changed by this one",
    next: ["ispyb-migrate status", again],
  });
}

/** Everything that would stop it half-way, asked before its first statement. */
async function refuse(db: Db, plan: DownPlan, options: DownOptions, again: string): Promise<void> {
  refuseReadOnly(plan.server);
  const steps = plan.migrations.flatMap((migration) => migration.steps);
  const locking = steps.some(({ undo }) => undo?.hold === "lock");
  // Without SHOW VIEW and TRIGGER, what stands upon that which would go is not seen.
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
  await refuseMissingPrivileges(db, account, [...new Set(wanted)]);
  await refuseForeignDefiners(
    db,
    account,
    plan.repeatables.flatMap(({ definers }) => definers ?? []),
  );
  const losing = steps.filter(({ rows }) => rows > 0);
  if (losing.length === 0) return;
  const found = losing.map(({ rows, undo }) => `${rows} ${undo?.loss?.what}`);
  if (!options.allowDataLoss) throw dataLoss(found, plan.catalog.database, again);
  const locked = losing.filter(({ undo }) => undo?.hold === "lock");
  if (plan.server.cluster && locked.length > 0) {
    throw new MigrateError("DATA_LOSS", "on a cluster a table is locked on one node only, and rows would be lost", {
      where: plan.catalog.database,
      found: locked.map(({ rows, undo }) => `${rows} ${undo?.loss?.what}`),
      done: "nothing was changed",
      next: ["change these rows by hand, so that nothing is lost with them, then", again],
    });
  }
  for (const { undo } of losing) {
    const table = undo?.loss === undefined ? undefined : findTable(plan.catalog, undo.loss.table);
    if (undo?.loss !== undefined && table !== undefined) refuseUnsavable(options.migrations, undo.loss, table);
  }
  await checkFolder(options.saveTo);
}

/** What was left out of procedures and privileges; the migrations forget their own. */
async function forgetSkips(ledger: Ledger): Promise<void> {
  const skips = ledger.entries.filter(({ migration, state }) => state === "skipped" && isRepeatable(migration));
  for (const { migration, step } of skips) await ledger.forgetRow(migration, step);
}

async function execute(run: Run, plan: DownPlan, migrations: readonly Migration[], rescue: Rescue): Promise<string[]> {
  const oldest = plan.migrations.at(-1);
  const ledger = await openLedger(run.main, run.server, run.lease);
  for (const each of plan.repeatables) await takeBackRepeatable(run, ledger, each);
  if (plan.everything) await forgetSkips(ledger);
  if (oldest === undefined) return [];
  const takenBack: string[] = [];
  await runDown(
    {
      migrations,
      executed: async () => plan.migrations.map(({ name }) => name).toReversed(),
      async run({ name }) {
        run.progress({ kind: "migration", name });
        // From here on it is half there, and `up` would have to make the rest again.
        await ledger.forgetWhole(name);
        const steps = plan.migrations.find((each) => each.name === name)?.steps ?? [];
        for (const step of steps) await takeBack({ run, ledger, rescue }, step);
      },
      async log({ name }) {
        takenBack.push(name);
      },
    },
    oldest.name,
  );
  return takenBack;
}
