import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { checkFolder } from "../save/save-file.ts";
import { refuseMissingPrivileges } from "./access.ts";
import { type DownPlan, type Until, planDown } from "./down-plan.ts";
import { openLedger } from "./ledger.ts";
import { acquireLease } from "./lease.ts";
import type { Migration } from "./load.ts";
import { killable } from "./killable.ts";
import { refuseReadOnly } from "./preflight.ts";
import { dataLoss, openRescue } from "./rescue.ts";
import type { Progress, Run, Signals } from "./run.ts";
import { runDown } from "./runner.ts";
import { takeBack } from "./take-back.ts";
import { dropToolTables } from "./tool-tables.ts";

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
  await using main = await options.connect("main");
  const plan = await planDown(main, options.migrations, options.until);
  if (plan.migrations.length === 0 && !plan.everything) return { plan, takenBack: [] };
  await refuse(main, plan, options);
  await options.confirm(plan);

  await using keeper = await options.connect("keeper");
  const { server } = plan;
  const { migrations, progress, signals } = options;
  await using lease = await acquireLease(
    { main, keeper, server },
    (reason) => progress({ kind: "waiting", reason }),
    signals.stop,
  );
  const run: Run = { main, keeper, server, lease, sizes: {}, signals, again: "ispyb-migrate down …", progress };
  const rescue = openRescue({ db: main, migrations, allowed: options.allowDataLoss, folder: options.saveTo, progress });
  const takenBack = await killable(run, () => execute(run, plan, options, rescue));
  if (plan.everything) await dropToolTables(main);
  return { plan, takenBack, ...(rescue.path === undefined ? {} : { saved: rescue.path }) };
}

/** Everything that would stop it half-way, asked before its first statement. */
async function refuse(db: Db, plan: DownPlan, { allowDataLoss, saveTo }: DownOptions): Promise<void> {
  refuseReadOnly(plan.server);
  const steps = plan.migrations.flatMap((migration) => migration.steps);
  const locking = steps.some(({ undo }) => undo?.hold === "lock");
  // Without the last two, views and triggers that stand upon what would go are not seen.
  const wanted = ["DROP", "DELETE", "SHOW VIEW", "TRIGGER", ...(locking ? ["LOCK TABLES"] : [])];
  await refuseMissingPrivileges(db, plan.server.account, wanted);
  const losing = steps.filter(({ rows }) => rows > 0);
  if (losing.length === 0) return;
  const found = losing.map(({ rows, undo }) => `${rows} ${undo?.loss?.what}`);
  if (!allowDataLoss) throw dataLoss(found, plan.catalog.database);
  if (plan.server.cluster && losing.some(({ undo }) => undo?.hold === "lock")) {
    throw new MigrateError("DATA_LOSS", "on a cluster a table is locked on one node only, and rows would be lost", {
      where: plan.catalog.database,
      found: losing.filter(({ undo }) => undo?.hold === "lock").map(({ rows, undo }) => `${rows} ${undo?.loss?.what}`),
      done: "nothing was changed",
      next: "change these rows by hand, so that nothing is lost with them, then ispyb-migrate down … again",
    });
  }
  await checkFolder(saveTo);
}

async function execute(
  run: Run,
  plan: DownPlan,
  { migrations }: DownOptions,
  rescue: ReturnType<typeof openRescue>,
): Promise<string[]> {
  const oldest = plan.migrations.at(-1);
  if (oldest === undefined) return [];
  const ledger = await openLedger(run.main, run.server, run.lease);
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
