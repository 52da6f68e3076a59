import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { isAnythingDue } from "../plan/due.ts";
import type { Migration } from "../plan/load-migrations.ts";
import { isDue } from "../plan/plan.ts";
import { type Plan, type PlanOptions, readPlan } from "../plan/read-plan.ts";
import { upCommand } from "../plan/up-command.ts";
import { preflight } from "../preflight/preflight.ts";
import { assertProceduresFit } from "../preflight/procedures-fit.ts";
import { assertSkip } from "../preflight/skips.ts";
import { executeRepeatable } from "../repeatables/execute.ts";
import type { ProcedureSource } from "../repeatables/procedures/source.ts";
import type { RoutineSettings } from "../repeatables/procedures/wanted.ts";
import { isRepeatableDue } from "../repeatables/repeatable.ts";
import { type JournalWriter, openJournalWriter } from "../run/journal-writer.ts";
import type { Run, RunOptions } from "../run/run.ts";
import { withLease } from "../run/with-lease.ts";
import type { EntryState } from "../state/journal.ts";
import type { Skip } from "../state/skips.ts";
import { executeStep } from "./execute-step.ts";
import { runUp } from "./umzug.ts";
import { type Verification, verify } from "./verify.ts";
import { writeSkip } from "./write-skip.ts";

export interface UpOptions extends RunOptions {
  readonly migrations: readonly Migration[];
  readonly procedures?: readonly ProcedureSource[];
  /** Nothing after this migration. */
  readonly to?: string;
  /** Makes again what the journal records and the catalog lacks. */
  readonly repair: boolean;
  /** Also what sorts before migrations that are applied already. */
  readonly allowLate: boolean;
  /** How procedures are created. */
  readonly routines?: RoutineSettings;
  /** Roles that do not exist are made. */
  readonly createRoles?: boolean;
  /** What is left as it is from now on, or no longer. */
  readonly skip?: Skip;
  /** Called once, after the plan is known and before anything is changed. Throws where the answer is no. */
  readonly confirm: (plan: Plan) => Promise<void>;
}

export interface UpResult {
  /** The plan as it was before. */
  readonly before: Plan;
  /** Names of the migrations that were recorded by this run. */
  readonly recorded: readonly string[];
  /** Names of what followed them: procedures, rows of SchemaStatus, privileges. */
  readonly repeated: readonly string[];
  readonly verification: Verification;
}

/**
 * Preflight, plan, question, execution, verification. Run again after anything that stopped it.
 * Throws what preflight and `confirm` throw, LEASE_HELD, and what the statements meet.
 */
export async function up(options: UpOptions): Promise<UpResult> {
  await using main = await options.connect("main");
  const before = await ready(main, options);
  if (!isAnythingDue(before, options)) return { before, recorded: [], repeated: [], verification: verify(before) };
  await options.confirm(before);

  const request = { ...options, main, server: before.server, retry: upCommand(options) };
  return await withLease(request, async ({ killable }) => {
    // While the question stood there, or another run held the lease, everything may have changed.
    const now = await ready(main, options);
    const done = await killable((run) => execute(run, now, options));
    const verification = verify(await readPlan(main, options.migrations, withoutSkip(options)));
    if (verification.differences.length > 0) throw verifyFailed(verification);
    return { before, ...done, verification };
  });
}

/** The plan, of which nothing that can be known would stop half-way. */
async function ready(db: Db, options: UpOptions): Promise<Plan> {
  const plan = await readPlan(db, options.migrations, options);
  if (options.skip !== undefined) assertSkip(plan, plan.context.recorded, options.skip);
  await preflight(db, plan, options);
  return plan;
}

async function execute(run: Run, plan: Plan, options: UpOptions): Promise<Pick<UpResult, "recorded" | "repeated">> {
  const journal = await openJournalWriter(run.main, run.server, run.lease);
  if (options.skip !== undefined) await writeSkip(run.main, journal, options.skip);
  const recorded = await executeMigrations(run, plan, journal, options.repair);
  // Only now the catalog is what procedures are written for.
  const now = await readPlan(run.main, options.migrations, withoutSkip(options));
  const repeated: string[] = [];
  assertProceduresFit(now, "the migrations are applied and recorded; no procedure was touched");
  let kind: string | undefined;
  for (const each of now.repeatables.filter((one) => isRepeatableDue(one, options.repair))) {
    if (each.kind !== kind) run.progress({ kind: "migration", name: each.kind });
    kind = each.kind;
    await executeRepeatable({ run, journal, context: now.context }, each);
    repeated.push(each.name);
  }
  return { recorded, repeated };
}

async function executeMigrations(run: Run, plan: Plan, journal: JournalWriter, repair: boolean): Promise<string[]> {
  const names: string[] = [];
  const work = { run, journal, repair };
  const migrations = plan.migrations.map(({ migration }) => migration);
  const executed = plan.migrations.filter((each) => !isDue(each, repair)).map(({ migration }) => migration.name);
  const due = plan.migrations.filter((each) => isDue(each, repair)).flatMap(({ steps }) => steps);
  const outcomes = new Map<string, readonly EntryState[]>();
  await runUp({
    migrations,
    executed: async () => executed,
    async run({ name }) {
      run.progress({ kind: "migration", name });
      const states: EntryState[] = [];
      for (const [at, step] of due.entries()) {
        if (step.migration === name) states.push(await executeStep(work, step, due.slice(at + 1)));
      }
      outcomes.set(name, states);
    },
    async log({ name, checksum }) {
      const isFound = outcomes.get(name)?.every((state) => state === "found") === true;
      await journal.writeWhole(name, isFound ? "found" : "done", checksum);
      names.push(name);
    },
  });
  return names;
}

/** Once it is written, the journal speaks for itself. */
function withoutSkip(options: UpOptions): PlanOptions {
  const { skip: _written, ...rest } = options;
  return rest;
}

function verifyFailed(verification: Verification): MigrateError {
  return new MigrateError(
    "VERIFY_FAILED",
    "the schema is not what the migrations describe, although every step succeeded",
    {
      found: verification.differences.map((each) => each.what),
      done: "every step is done and recorded",
      next: hint("verify"),
    },
  );
}
