/**
 * The second Ctrl-C ends the running statement on the server. A KILL QUERY may arrive before its statement; then it has
 * no effect (measured on MariaDB 10.5 to 11.8 and MySQL 9.7). So it is sent again until the statement has ended. No
 * other statement is sent before the last KILL QUERY is answered: it cannot hit a ROLLBACK or another repair. Between
 * two statements the sender checks the signal: see stopIfAsked and unlessKilled.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "../db/db.ts";
import { intercept } from "../db/intercept.ts";
import { isConnectionLost, isKilled } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { type Run, type Signals, interrupted } from "./run.ts";

/** Milliseconds between two attempts to end the same statement. */
const KILL_EVERY = 200;
/**
 * Milliseconds without any answer after which everything is left to the server: it is out of reach, or does not end a statement
 * (the change of a whole cluster).
 */
const KILL_PATIENCE = 10_000;

interface Sessions {
  readonly main: Db;
  readonly watchdog: Db;
  readonly signals: Pick<Signals, "kill">;
}

/** Work whose statements can be killed at any moment; it gets the same sessions. `stopped` says what a kill means. */
export async function killOnSignal<S extends Sessions, T>(
  sessions: S,
  stopped: (done: string) => MigrateError,
  work: (sessions: S) => Promise<T>,
): Promise<T> {
  const { watchdog, main, signals } = sessions;
  const killer = new Killer(main, watchdog);
  const end = () => killer.endStatement();
  signals.kill.addEventListener("abort", end, { once: true });
  try {
    return await work({ ...sessions, main: intercept(main, (_, send) => killer.watch(send)) });
  } catch (error) {
    const killed = error instanceof MigrateError ? error.cause : error;
    if (!signals.kill.aborted) throw error;
    if (isKilled(killed)) throw stopped("the running statement was ended on the server");
    if (killer.hasGivenUp && isConnectionLost(killed))
      throw stopped("the server did not answer in time, and may still work on the last statement");
    throw error;
  } finally {
    signals.kill.removeEventListener("abort", end);
    await killer.idle();
    killer.stopWaiting();
  }
}

/** The main session, which sends nothing after a kill but a ROLLBACK: for work that is done in transactions. */
export function unlessKilled({ main, signals: { kill } }: Sessions, stopped: (done: string) => MigrateError): Db {
  return intercept(main, async (sql, send) => {
    if (kill.aborted && sql !== "ROLLBACK") throw stopped("no further statement was sent");
    return send();
  });
}

/** The main session of a run, for many statements in a row that may all be left out: the reading of rows. */
export function untilKilled(run: Run): Db {
  return unlessKilled(run, (done) => interrupted(run, done));
}

// --- internal ---

/** Knows which statements of a session have not ended, and ends them. */
class Killer {
  readonly #main: Db;
  readonly #watchdog: Db;
  /** Statements that are sent and not ended. */
  readonly #running = new Set<object>();
  #killing: Promise<void> = Promise.resolve();
  #patience: NodeJS.Timeout | undefined;
  hasGivenUp = false;

  constructor(main: Db, watchdog: Db) {
    this.#main = main;
    this.#watchdog = watchdog;
  }

  async watch<T>(send: () => Promise<T>): Promise<T> {
    // The statement counts as running as soon as its sender has checked the signal.
    const statement = {};
    this.#running.add(statement);
    try {
      await this.#killing;
      return await send();
    } finally {
      this.#running.delete(statement);
      this.#patience?.refresh();
    }
  }

  /** Resolves when no KILL QUERY is on its way. */
  async idle(): Promise<void> {
    await this.#killing;
  }

  stopWaiting(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  endStatement(): void {
    this.#patience = setTimeout(() => this.#giveUp(), KILL_PATIENCE);
    this.#killing = this.#end([...this.#running]);
  }

  async #end(statements: readonly object[]): Promise<void> {
    const isRunning = () => statements.some((statement) => this.#running.has(statement));
    while (isRunning() && !this.hasGivenUp) {
      // A watchdog that has lost its connection ends no statement; the next attempt comes to the same end.
      await this.#watchdog.run(`KILL QUERY ${this.#main.connectionId}`).catch(() => undefined);
      await sleep(KILL_EVERY);
    }
  }

  /** Both sessions are closed: what waits for an answer of the server fails. */
  #giveUp(): void {
    this.hasGivenUp = true;
    const why = "the server has not answered since the second request to stop";
    this.#main.destroy(why);
    this.#watchdog.destroy(why);
  }
}
