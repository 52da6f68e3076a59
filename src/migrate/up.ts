import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";
import { isAnythingDue } from "../plan/due.ts";
import type { Migration } from "../plan/load-migrations.ts";
import { isDue } from "../plan/plan.ts";
import { type Plan, type PlanOptions, readPlan } from "../plan/read-plan.ts";
import { type UpRequest, upCommand } from "../plan/up-command.ts";
import { askServer } from "../preflight/ask-server.ts";
import { preflight } from "../preflight/preflight.ts";
import { assertProceduresFit } from "../preflight/procedures-fit.ts";
import { sendableNow } from "../preflight/sendable.ts";
import { readWarnings } from "../preflight/warnings.ts";
import { unknownSteps } from "../plan/unknown.ts";
import { assertNoneUnknown } from "../preflight/unknown.ts";
import { executeRepeatable } from "../repeatables/execute.ts";
import type { ProcedureSource } from "../repeatables/procedures/source.ts";
import { isRepeatableDue } from "../repeatables/repeatable.ts";
import { openJournalWriter } from "../run/journal-writer.ts";
import { patientReader } from "../run/patient-reading.ts";
import type { Run, RunOptions } from "../run/run.ts";
import { withLease } from "../run/with-lease.ts";
import type { EntryState } from "../state/journal.ts";
import { type Execution, executeStep } from "./execute-step.ts";
import type { RanStatement } from "./measure.ts";
import { runUp } from "./umzug.ts";
import { type Verification, verify } from "./verify.ts";
import { writeSkip } from "./write-skip.ts";

export interface UpOptions extends RunOptions, UpRequest {
  readonly migrations: readonly Migration[];
  readonly procedures?: readonly ProcedureSource[];
  /** Called once, after the plan is known and before anything is changed. Throws if the answer is no. */
  readonly confirm: (plan: Plan) => Promise<void>;
}

export interface UpResult {
  /** The plan before the run. */
  readonly before: Plan;
  /** Names of the migrations that were recorded by this run. */
  readonly recorded: readonly string[];
  /** Names of the repeatables that followed: procedures, rows of SchemaStatus, privileges. */
  readonly repeatables: readonly string[];
  /** Statements of migrations that were sent, and how long each worked. */
  readonly statements: readonly RanStatement[];
  readonly verification: Verification;
}

/**
 * Preflight, plan, question, execution, verification. Safe to run again after anything that stopped it. The plan is
 * read four times: to ask, under the lease, after the migrations for what follows them, and to verify.
 * Throws what preflight and `confirm` throw, LEASE_HELD, and the errors of its statements.
 */
export async function up(options: UpOptions): Promise<UpResult> {
  await using session = await options.connect("main");
  const main = patientReader(session, { ...options, retry: upCommand(options) });
  const before = await ready(main, options);
  if (!isAnythingDue(before, options))
    return { before, recorded: [], repeatables: [], statements: [], verification: verify(before) };
  const shown = await asked(main, before, options);
  for (const text of await readWarnings(main, shown)) options.progress({ kind: "note", text });
  await options.confirm(shown);

  const { needs, server } = shown;
  const request = { ...options, main, needs, server, retry: upCommand(options) };
  return await withLease(request, async ({ killable }) => {
    // While the question was open, or another run held the lease, everything may have changed.
    const now = await ready(main, { ...options, needs });
    // Before the lease was ours, an intent could be that of a run at work.
    assertNoneUnknown(main.database, unknownSteps(now.migrations));
    const done = await killable((run) => execute(run, now, options));
    const verification = verify(await readPlan(main, options.migrations, withoutSkip(options)));
    if (verification.differences.length > 0) throw verifyFailed(now.catalog.database, verification);
    return { before: shown, ...done, verification };
  });
}

/** The same plan, or another if the server says that tables need more than their catalog shows. */
async function asked(main: Db, plan: Plan, options: UpOptions): Promise<Plan> {
  const { server } = plan;
  if (server.cluster) return plan;
  const ask = (of: Plan, isLast: boolean) => {
    const statements = sendableNow(of, options);
    return askServer(
      { connect: options.connect, main, server, statements, retry: upCommand(options) },
      of.needs,
      isLast,
    );
  };
  const needs = await ask(plan, false);
  if (needs.size === plan.needs.size) return plan;
  const again = await ready(main, { ...options, needs });
  await ask(again, true);
  return again;
}

/** The plan, after all checks of what could stop it half-way. */
async function ready(db: Db, options: UpOptions & Pick<PlanOptions, "needs">): Promise<Plan> {
  const plan = await readPlan(db, options.migrations, options);
  await preflight(db, plan, options);
  return plan;
}

type Done = Pick<UpResult, "recorded" | "repeatables" | "statements">;

async function execute(run: Run, plan: Plan, options: UpOptions): Promise<Done> {
  const journal = await openJournalWriter(run);
  if (options.skip !== undefined) await writeSkip(run.main, journal, options.skip);
  const statements: RanStatement[] = [];
  const recorded = await executeMigrations({ run, journal, repair: options.repair, ran: statements }, plan);
  // Only now does the schema have the columns that procedures use.
  const now = await readPlan(run.main, options.migrations, withoutSkip(options));
  const repeatables: string[] = [];
  assertProceduresFit(now, options, "the migrations are applied and recorded; no procedure was changed");
  let kind: string | undefined;
  for (const each of now.repeatables.filter((one) => isRepeatableDue(one, options.repair))) {
    if (each.kind !== kind) run.progress({ kind: "section", name: each.kind });
    kind = each.kind;
    await executeRepeatable({ run, journal, context: now.context }, each);
    repeatables.push(each.name);
  }
  return { recorded, repeatables, statements };
}

async function executeMigrations(work: Execution, plan: Plan): Promise<string[]> {
  const { run, journal, repair } = work;
  const names: string[] = [];
  const migrations = plan.migrations.map(({ migration }) => migration);
  const executed = plan.migrations.filter((each) => !isDue(each, repair)).map(({ migration }) => migration.name);
  const due = plan.migrations.filter((each) => isDue(each, repair)).flatMap(({ steps }) => steps);
  const outcomes = new Map<string, readonly EntryState[]>();
  await runUp({
    migrations,
    executed: async () => executed,
    async run({ name }) {
      run.progress({ kind: "section", name });
      const states: EntryState[] = [];
      for (const [at, step] of due.entries()) {
        if (step.migration === name) states.push(await executeStep(work, step, due.slice(at + 1)));
      }
      outcomes.set(name, states);
    },
    async log({ name, checksum }) {
      const isAdopted = outcomes.get(name)?.every((state) => state === "found") === true;
      await journal.writeWhole(name, isAdopted ? "found" : "done", checksum);
      names.push(name);
    },
  });
  return names;
}

/** Once the skip is in the journal, the options no longer need it. */
function withoutSkip(options: UpOptions): PlanOptions {
  const { skip: _written, ...rest } = options;
  return rest;
}

function verifyFailed(database: string, verification: Verification): MigrateError {
  return new MigrateError(
    "VERIFY_FAILED",
    "every step succeeded, but the schema differs from what the migrations describe",
    {
      where: database,
      found: verification.differences.map((each) => each.what),
      done: "every step is done and recorded",
      next: hint("verify"),
    },
  );
}
