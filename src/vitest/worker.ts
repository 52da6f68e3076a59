/** The database of a worker: found by the number that vitest gives it, and reset. */
import { connect } from "../db/connect.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import type { TestDatabase } from "../sandbox/account.ts";
import type { Description } from "../sandbox/description.ts";
import { targetOf } from "../sandbox/target.ts";
import { tell } from "./surroundings.ts";

export class WorkerDatabase {
  readonly sandbox: Description;
  readonly database: TestDatabase;
  /** The test that works on it now. */
  #user: string | undefined;
  /** Kept for the resets of all tests. */
  #db: Db | undefined;

  /** Throws CONFIGURATION if the global set-up did not run, or made too few databases. */
  constructor(sandbox: Description | undefined, worker: string | undefined) {
    if (sandbox === undefined) throw withoutSetup();
    const database = sandbox.databases[Number(worker) - 1];
    if (database === undefined) throw tooFew(sandbox, worker);
    this.sandbox = sandbox;
    this.database = database;
  }

  /** Lets one test at a time use the database, as it was at the start. Throws CONFLICT if another test does. */
  async take(test: string, isConcurrent: boolean): Promise<void> {
    if (isConcurrent || this.#user !== undefined) throw concurrent(this.database.name, test, this.#user);
    this.#user = test;
    try {
      await this.#reset();
    } catch (error) {
      this.#user = undefined;
      throw error;
    }
  }

  free(): void {
    this.#user = undefined;
  }

  /** A session of its own for one test: what the test sets in it, or leaves open, ends with it. */
  open(): Promise<Db> {
    return connect(targetOf(this.sandbox, this.database, this.database.name));
  }

  /** By one CALL; what the procedure cannot restore, or a session that a test has ended, needs the administrator. */
  async #reset(): Promise<void> {
    const { name } = this.database;
    try {
      this.#db ??= await this.open();
      const { warnings } = await this.#db.run("CALL ispyb_sandbox.reset(?)", [name]);
      for (const { message } of warnings) tell(message);
    } catch {
      this.#db?.destroy();
      this.#db = undefined;
      const { resetSandbox } = await import("../sandbox/reset-sandbox.ts");
      await resetSandbox(this.sandbox, [name]);
    }
  }
}

// --- internal ---

function withoutSetup(): MigrateError {
  return new MigrateError("CONFIGURATION", "no sandbox was started for these tests", {
    where: "the vitest configuration",
    wanted: 'globalSetup: ["ispyb-migrate/vitest/setup"]',
    next: "add this line to `test` in the vitest configuration, for this project or for the root",
  });
}

function tooFew({ databases }: Description, worker: string | undefined): MigrateError {
  return new MigrateError("CONFIGURATION", "this worker has no database", {
    where: `VITEST_POOL_ID=${worker ?? ""}`,
    found: `${databases.length} databases, as many as maxWorkers when the run began`,
    next: "start vitest again",
  });
}

function concurrent(name: string, test: string, user: string | undefined): MigrateError {
  return new MigrateError(
    "CONFLICT",
    `concurrent tests cannot share database ${name}: each would reset the other's rows`,
    {
      where: test,
      ...(user === undefined ? {} : { found: `in use by the test ${user}` }),
      done: "the test did not run",
      next: "remove .concurrent (or sequence.concurrent): test files run side by side already, each worker with a database of its own",
    },
  );
}
