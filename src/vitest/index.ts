/** The fixture: `test` with the worker's database, reset before each test that asks for `ispyb`. */
import { type TestAPI, inject, test as base } from "vitest";
import type { Db, Outcome, Row, Value } from "../db/db.ts";
import { explained } from "./explain.ts";
import { isKeeping, tell, workerNumber } from "./surroundings.ts";
import { WorkerDatabase } from "./worker.ts";

export type { IspybSettings } from "./settings.ts";

/** A test's database. */
export interface Ispyb {
  /** `mysql://USER:PASSWORD@HOST:PORT/DATABASE` */
  readonly url: string;
  /** Of the database. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly socket?: string;
  readonly user: string;
  readonly password: string;
  /** Rows of one SELECT, in a session of this test alone; values for `?`. */
  rows<R extends object = Row>(sql: string, values?: readonly Value[]): Promise<R[]>;
  /** Runs one statement that changes something, in the same session. */
  run(sql: string, values?: readonly Value[]): Promise<Outcome>;
}

/** The test API of vitest, with the fixture `ispyb`. A test that does not ask for it costs no reset. */
export const test: TestAPI<{ ispyb: Ispyb }> = base.extend<{ ispyb: Ispyb }>({
  ispyb: async ({ onTestFailed, task }, use) => {
    const worker = workerDatabase();
    const name = task.fullTestName;
    await worker.take(name, task.concurrent === true).catch((error: unknown) => {
      throw explained(error);
    });
    if (isKeeping() && task.fails !== true) onTestFailed(() => keep(worker, name));
    let session: Promise<Db> | undefined;
    const open = () => (session ??= worker.open());
    const { database, sandbox } = worker;
    try {
      await use({
        ...database,
        host: sandbox.host,
        port: sandbox.port,
        ...(sandbox.socket === undefined ? {} : { socket: sandbox.socket }),
        rows: async (sql, values) => await (await open()).rows(sql, values),
        run: async (sql, values) => await (await open()).run(sql, values),
      });
    } finally {
      await (await session?.catch(() => undefined))?.[Symbol.asyncDispose]();
      worker.free();
    }
  },
});

// --- internal ---

/** One for the tests of this process; its connection ends with the process. */
let known: WorkerDatabase | undefined;

function workerDatabase(): WorkerDatabase {
  try {
    const wanted = new WorkerDatabase(inject("ispybSandbox"), workerNumber());
    // Without isolation a process may run several files, and is not promised to keep its number.
    if (known?.database.url !== wanted.database.url) known = wanted;
    return known;
  } catch (error) {
    throw explained(error);
  }
}

/** Copies the database as the failed test has left it, and prints how to open the copy. */
async function keep({ database, sandbox }: WorkerDatabase, title: string): Promise<void> {
  const { keepDatabase, openingLine } = await import("../sandbox/keep.ts");
  const kept = await keepDatabase(sandbox, database);
  tell(`kept the data of the failed test ${title}:\n  ${openingLine(sandbox, kept)}`);
}
