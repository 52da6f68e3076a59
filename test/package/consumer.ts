/** A program of somebody who has the package installed; every export has its part in it. */
export const consumer = `
import {
  type Db, type DownMigration, type DownOptions, type DownPlan, type DownResult, type DownStep, type ErrorCode,
  type Details, type Hint, type Next,
  type Finding, type Migration, type MigrationState, type Progress, type Signals, type Plan, type Target,
  type ProcedureSource, type RepeatableState, type RoutineSettings, type Skip, type PlanOptions, type PlannedRepeatable,
  type Tls, type Until, type UpOptions, type UpResult, type Verification,
  type SettleDocument, type SettleOptions, type SettleResult, settle, settleDocument,
  type Answer, type Caller, type CompletionDocument, type CreateDocument, type Documents, type DownDocument,
  type DownMigrationDocument, type ForecastDocument, type DownRepeatableDocument, type DownStepDocument, type Failure, type FailureDocument, type FindingDocument, type HintDocument,
  type GenerateDocument, type JobDocument, type JobListDocument, type NoCommandFailure, type PlaceDocument,
  type ProvisionDocument, type ProvisionRemoveDocument,
  type PlanDocument, type PlanMigration, type PlanRepeatable, type PlanStatement, type PlanStep, type RecordedDocument,
  type RemoveDocument, type SeedDocument, type ServerDocument, type StatusDocument, type StatusMigration,
  type StatusRepeatable, type StatusStep, type StoryListDocument, type Success, type UpDocument, type VerifyDocument,
  downDocument, failureDocument, generateDocument, jobDocument, jobListDocument, planDocument, removeDocument,
  provisionDocument, provisionRemoveDocument, installed, seedDocument, statusDocument, upDocument, verifyDocument,
  type Base, type Job, type ParsedStory, type SeedOptions, type SeedResult, type StorySource,
  type Comparison, type NodeDocument, type NodeSession, compareNodes,
  type PlanDownDocument, type PlanDownMigration, type PlanDownStatement, type PlanDownStep, type PlanRepair, planDownDocument,
  drawSvg, formatHint, loadBase, parseStory, readJob, readOwnStory, readStoryFile, seed,
  MigrateError, catalogue, connect, down, loadAllMigrations, loadMigrations, loadProcedures, readPlan, up, verify,
} from "ispyb-migrate";

const tls: Tls = { mode: "preferred" };
const { HOST: host = "", PORT: port, MYSQL_PWD: password = "", DATABASE: database = "" } = process.env;
const target: Target = { host, port: Number(port), user: "root", password, database, tls };
const migrations: readonly Migration[] = await loadMigrations();
const never = new AbortController().signal;
const signals: Signals = { stop: never, kill: never };
const told: Progress["kind"][] = [];

const both = {
  connect: (role: string): Promise<Db> => connect(target, role),
  migrations,
  progress: (event: Progress) => told.push(event.kind),
  signals,
};
const procedures: readonly ProcedureSource[] = await loadProcedures();
const routines: RoutineSettings = { security: "INVOKER" };
const skip: Skip = { names: ["grants"], reason: "another tool does it" };
const wanted: PlanOptions = { procedures, routines };
const options: UpOptions = {
  ...both,
  ...wanted,
  skip,
  repair: false,
  allowLate: false,
  confirm: async (shown: Plan) => {
    if (shown.migrations.length === 0) throw new Error("nothing to confirm");
  },
};
const done: UpResult = await up(options);

await using db = await connect(target);
const plan = await readPlan(db, migrations, wanted);
const repeatables: readonly PlannedRepeatable[] = plan.repeatables;
const settled: RepeatableState = "applied";
if (repeatables.some(({ kind, state }) => kind === "procedures" && state !== settled)) throw new Error("not applied");
const states: MigrationState[] = plan.migrations.map((each) => each.state);
const sessions: readonly NodeSession[] = [];
const comparison: Comparison = await compareNodes({ name: "this server", db }, sessions);
const verification: Verification = verify(plan, comparison);
const differences: readonly Finding[] = verification.differences;

const status: StatusDocument = statusDocument(plan);
const pending: PlanDocument = planDocument(plan);
const caller: Caller = { ...installed, options: { database } };
const upgraded: UpDocument = upDocument(done, caller);
const compared: VerifyDocument = verifyDocument(plan, verification, installed);
const repairs: readonly FindingDocument[] = compared.differences;
const nodes: readonly NodeDocument[] = compared.nodes;
if (repairs.length + nodes.length > 0) throw new Error("the documents do not agree");
const places: readonly PlaceDocument[] = [status, pending, upgraded, compared];
const servers: readonly ServerDocument[] = places.map(({ server }) => server);
if (new Set(servers.map(({ node }) => node)).size !== 1) throw new Error("not one server");
const [first]: readonly StatusMigration[] = status.migrations;
const firstSteps: readonly StatusStep[] = first?.steps ?? [];
const by: RecordedDocument | null = first?.recorded ?? null;
const procedureStates: readonly StatusRepeatable[] = status.repeatables;
if (firstSteps.length * procedureStates.length === 0 || by === null) throw new Error("nothing is recorded");
const shownMigrations: readonly PlanMigration[] = pending.migrations;
const shownSteps: readonly PlanStep[] = shownMigrations.flatMap(({ steps }) => steps);
const forecasts: readonly (ForecastDocument | undefined)[] = shownSteps.map(({ forecast }) => forecast);
const statements: readonly Partial<PlanStatement>[] = shownSteps;
const repairStatements: readonly PlanRepair[] = shownSteps.flatMap(({ repairs: each = [] }) => each);
const shownRepeatables: readonly PlanRepeatable[] = pending.repeatables;
if (statements.length + forecasts.length + repairStatements.length > 0 || shownRepeatables.some(({ state }) => state !== "skipped")) throw new Error("something is left to do");

/** What a front end of its own does with the answers of the command line. */
export function titleOf(answer: Answer<keyof Documents> | NoCommandFailure): string {
  const failed: Failure<keyof Documents> | NoCommandFailure | undefined = answer.ok ? undefined : answer;
  const error: FailureDocument | undefined = failed?.error;
  const hints: readonly HintDocument[] = error?.hints ?? [];
  return hints[0]?.command ?? error?.message ?? String(answer.command);
}
export const made: readonly ((...given: never) => object)[] = [
  generateDocument, jobDocument, jobListDocument, removeDocument, seedDocument,
  provisionDocument, provisionRemoveDocument,
];
export type Provisioned = ProvisionDocument | ProvisionRemoveDocument;
export type Seeded = Success<"seed"> & (SeedDocument | RemoveDocument | GenerateDocument | StoryListDocument);
export type Shown = JobDocument | JobListDocument;
export type Local = CreateDocument | CompletionDocument;

const official: Base = "official";
const full: ErrorCode = await loadBase(db, official).then(
  () => { throw new Error("a base was loaded into a database that is not empty"); },
  (error: unknown) => {
    if (!(error instanceof MigrateError)) throw error;
    return error.code;
  },
);
if (full !== "CONFLICT") throw new Error(full);
const own: StorySource = await readOwnStory("multi-sweep");
const story: ParsedStory = await parseStory(await readStoryFile(own.file));
const seeding: SeedOptions = { ...both, stories: [story], uses: new Map(), confirm: async () => {} };
const seeded: SeedResult = await seed(seeding);
const jobRow = seeded.stories.flatMap(({ rows }) => rows).find(({ table }) => table === "ProcessingJob");
const job: Job | undefined = await readJob(db, jobRow?.id ?? 0);
if (job === undefined || !drawSvg(job, (hint) => formatHint(hint, installed)).includes("<svg ")) throw new Error("no picture of the job");
await db.run("DELETE FROM ProcessingJob");

const until: Until = { last: 1 };
const back: DownOptions = {
  ...both,
  until,
  allowDataLoss: false,
  saveTo: ".",
  confirm: async (plan: DownPlan) => {
    const [newest]: readonly DownMigration[] = plan.migrations;
    const steps: readonly DownStep[] = newest?.steps ?? [];
    const wayBack: PlanDownDocument = planDownDocument(plan, ".");
    const [shownFirst]: readonly PlanDownMigration[] = wayBack.migrations;
    const undos: readonly PlanDownStep[] = shownFirst?.steps ?? [];
    const sent: readonly PlanDownStatement[] = undos.flatMap(({ statements }) => statements);
    // The newest step may have been there before: then only its record goes.
    if (steps.length === 0 || undos.length !== steps.length || sent.some(({ sql }) => sql === "")) throw new Error("nothing to undo");
  },
};
const downResult: DownResult = await down(back);
const { undone }: DownDocument = downDocument(downResult);
const gone: readonly DownMigrationDocument[] = downDocument(downResult).migrations;
const goneSteps: readonly DownStepDocument[] = gone.flatMap(({ steps }) => steps);
const goneBefore: readonly DownRepeatableDocument[] = downDocument(downResult).repeatables;
if (goneSteps.length + goneBefore.length === 0) throw new Error("nothing was undone");

const code: ErrorCode = await connect({ ...target, database: "nowhere" }).then(
  () => { throw new Error("connected to nowhere"); },
  (error: unknown) => {
    if (!(error instanceof MigrateError)) throw error;
    const details: Details = error.details;
    const next: readonly Next[] = [details.next ?? []].flat();
    const hints: readonly Hint[] = next.filter((each) => typeof each !== "string");
    if (hints.some(({ command }) => command === undefined)) throw new Error("a hint without a command");
    return failureDocument(error, [], installed).code;
  },
);
const { exit } = catalogue[code];
const recorded = done.recorded.length;
console.log(JSON.stringify({ recorded, undone, states, differences, code, exit }));
`;
