import type { Db } from "../db/db.ts";
import { isKilled } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { executeStep } from "./execute.ts";
import { type EntryState, entryOf, readJournal, record } from "./journal.ts";
import { acquireLease } from "./lease.ts";
import type { Migration } from "./load.ts";
import { preflight } from "./preflight.ts";
import { type Progress, type Run, type Signals, interrupted } from "./run.ts";
import { runInSequence } from "./runner.ts";
import { type Survey, isPending, survey } from "./survey.ts";
import { createToolTables } from "./tool-tables.ts";
import { type Verification, verify } from "./verify.ts";

export interface UpOptions {
  /** Opens a session; `up` needs one to work in and one that looks on. */
  readonly connect: (role: string) => Promise<Db>;
  readonly migrations: readonly Migration[];
  /** Called once, after the plan is known and before anything is changed. Throws where the answer is no. */
  readonly confirm: (plan: Survey) => Promise<void>;
  readonly progress: (event: Progress) => void;
  readonly signals: Signals;
}

export interface UpResult {
  /** The plan as it was before. */
  readonly before: Survey;
  /** Names of the migrations that were recorded by this run. */
  readonly recorded: readonly string[];
  readonly verification: Verification;
}

/**
 * Preflight, plan, question, execution, verification. Run again after anything that stopped it.
 * Throws what preflight and `confirm` throw, LEASE_HELD, and what the statements meet.
 */
export async function up(options: UpOptions): Promise<UpResult> {
  await using main = await options.connect("main");
  const before = await survey(main, options.migrations);
  await preflight(main, before);
  if (!before.migrations.some(isPending)) return { before, recorded: [], verification: verify(before) };
  await options.confirm(before);

  await using keeper = await options.connect("keeper");
  await createToolTables(main);
  const { server } = before;
  const onWait = (reason: string) => options.progress({ kind: "waiting", reason });
  await using lease = await acquireLease({ main, keeper, server }, onWait, options.signals.stop);
  const run: Run = {
    main,
    keeper,
    server,
    lease,
    sizes: before.sizes,
    signals: options.signals,
    progress: options.progress,
  };
  const names = await killable(run, () => execute(run, options.migrations));

  const verification = verify(await survey(main, options.migrations));
  if (verification.differences.length > 0) throw verifyFailed(verification);
  return { before, recorded: names, verification };
}

/** The second Ctrl-C ends what runs on the server, whatever it is, and at any moment. */
async function killable<T>(run: Run, work: () => Promise<T>): Promise<T> {
  const { kill } = run.signals;
  const end = () => void run.keeper.run(`KILL QUERY ${run.main.connectionId}`).catch(() => undefined);
  if (kill.aborted) end();
  kill.addEventListener("abort", end, { once: true });
  try {
    return await work();
  } catch (error) {
    const killed = error instanceof MigrateError ? error.cause : error;
    if (!kill.aborted || !isKilled(killed)) throw error;
    throw interrupted("the statement that was running was ended on the server, without effect");
  } finally {
    kill.removeEventListener("abort", end);
  }
}

/** While this run waited for the lease another one may have been at work: the journal is read anew. */
async function execute(run: Run, migrations: readonly Migration[]): Promise<string[]> {
  const names: string[] = [];
  const journal = await readJournal(run.main);
  const outcomes = new Map<string, readonly EntryState[]>();
  await runInSequence({
    migrations,
    executed: async () => journal.filter((entry) => entry.step === 0).map((entry) => entry.migration),
    async run(migration) {
      run.progress({ kind: "migration", name: migration.name });
      const states: EntryState[] = [];
      for (const [at, step] of migration.steps.entries()) {
        const entry = entryOf(journal, migration.name, at + 1);
        const place = {
          migration: migration.name,
          number: at + 1,
          ...(entry === undefined ? {} : { state: entry.state }),
        };
        states.push(await executeStep(run, step, place));
      }
      outcomes.set(migration.name, states);
    },
    async log(migration) {
      const found = outcomes.get(migration.name)?.every((state) => state === "found") === true;
      const { name, checksum } = migration;
      await record(run.main, run.server, run.lease, {
        migration: name,
        step: 0,
        what: "migration",
        state: found ? "found" : "done",
        checksum,
      });
      names.push(name);
    },
  });
  return names;
}

function verifyFailed(verification: Verification): MigrateError {
  return new MigrateError(
    "VERIFY_FAILED",
    "the schema is not what the migrations describe, although every step succeeded",
    {
      found: verification.differences.map((each) => each.what),
      done: "every step is done and recorded",
      next: "ispyb-migrate verify",
    },
  );
}
