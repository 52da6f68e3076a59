/** A program of somebody who has the package installed; every export has its part in it. */
export const consumer = `
import {
  type Db, type DownMigration, type DownOptions, type DownPlan, type DownResult, type DownStep, type ErrorCode,
  type Finding, type Migration, type MigrationState, type Progress, type Signals, type Plan, type Target,
  type ProcedureSource, type RepeatableState, type RoutineSettings, type Skip, type PlanOptions, type PlannedRepeatable,
  type Tls, type Until, type UpOptions, type UpResult, type Verification,
  MigrateError, catalogue, connect, down, loadMigrations, loadProcedures, readPlan, up, verify,
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
const skip: Skip = { names: ["grants"], reason: "somebody else does it" };
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
const repeated: readonly PlannedRepeatable[] = plan.repeatables;
const settled: RepeatableState = "applied";
if (repeated.some(({ kind, state }) => kind === "procedures" && state !== settled)) throw new Error("not applied");
const states: MigrationState[] = plan.migrations.map((each) => each.state);
const verification: Verification = verify(plan);
const differences: readonly Finding[] = verification.differences;

const until: Until = { last: 1 };
const back: DownOptions = {
  ...both,
  until,
  allowDataLoss: false,
  saveTo: ".",
  confirm: async (plan: DownPlan) => {
    const [newest]: readonly DownMigration[] = plan.migrations;
    const steps: readonly DownStep[] = newest?.steps ?? [];
    if (steps.length === 0) throw new Error("nothing to take back");
  },
};
const { takenBack }: DownResult = await down(back);

const code: ErrorCode = await connect({ ...target, database: "nowhere" }).then(
  () => { throw new Error("connected to nowhere"); },
  (error: unknown) => {
    if (error instanceof MigrateError) return error.code;
    throw error;
  },
);
const { exit } = catalogue[code];
const recorded = done.recorded.length;
console.log(JSON.stringify({ recorded, takenBack, states, differences, code, exit }));
`;
