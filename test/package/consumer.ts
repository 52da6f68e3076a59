/** A program of somebody who has the package installed; every export has its part in it. */
export const consumer = `
import {
  type Db, type ErrorCode, type Finding, type Migration, type MigrationState, type Progress, type Signals,
  type Survey, type Target, type Tls, type UpOptions, type UpResult, type Verification,
  MigrateError, catalogue, connect, loadMigrations, survey, up, verify,
} from "ispyb-migrate";

const tls: Tls = { mode: "preferred" };
const { HOST: host = "", PORT: port, MYSQL_PWD: password = "", DATABASE: database = "" } = process.env;
const target: Target = { host, port: Number(port), user: "root", password, database, tls };
const migrations: readonly Migration[] = await loadMigrations();
const never = new AbortController().signal;
const signals: Signals = { stop: never, kill: never };
const told: Progress["kind"][] = [];

const options: UpOptions = {
  connect: (role: string): Promise<Db> => connect(target, role),
  migrations,
  repair: false,
  allowLate: false,
  confirm: async (plan: Survey) => {
    if (plan.migrations.length === 0) throw new Error("nothing to confirm");
  },
  progress: (event) => told.push(event.kind),
  signals,
};
const done: UpResult = await up(options);

await using db = await connect(target);
const found = await survey(db, migrations);
const states: MigrationState[] = found.migrations.map((each) => each.state);
const verification: Verification = verify(found);
const differences: readonly Finding[] = verification.differences;

const code: ErrorCode = await connect({ ...target, database: "nowhere" }).then(
  () => { throw new Error("connected to nowhere"); },
  (error: unknown) => {
    if (error instanceof MigrateError) return error.code;
    throw error;
  },
);
const { exit } = catalogue[code];
console.log(JSON.stringify({ recorded: done.recorded.length, told: told.length, states, differences, code, exit }));
`;
