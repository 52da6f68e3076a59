/** Sends one statement that changes the database, and tries again if it only had to wait for a lock. */
import { type Seen, nothingSeen, watchingWait } from "../blockers/watch-wait.ts";
import { readSizes } from "../catalog/sizes.ts";
import { ServerError, isDisplayWidth, isKilled, isLockTimeout } from "../db/server-errors.ts";
import { listed } from "../plural.ts";
import { text } from "../sql.ts";
import { leaseFor } from "../state/lease-times.ts";
import { type Answerer, assertSameSession, whoAnswers } from "../state/same-session.ts";
import type { Fill, Statement } from "../steps/contract.ts";
import { fillInBatches } from "./fill.ts";
import { isBuild, lockVariables, mayWait } from "./lock-limits.ts";
import { nameOldTransactions } from "./old-transactions.ts";
import { patientWith } from "./patient.ts";
import { type Run, stopIfAsked } from "./run.ts";
import { waitForSnapshots } from "./snapshots.ts";
import { refused } from "./step-errors.ts";
import { LockWait } from "./wait-for-lock.ts";

/**
 * Sends a statement and returns the seconds that it worked, without its waits for locks. `lease`: seconds that the lease has
 * to last on a cluster, where the statement may block its heartbeats. Throws SESSION_MOVED, LOCK_TIMEOUT, INTERRUPTED
 * between two attempts, or the error of the server; restores the settings of the session.
 */
export async function send(run: Run, statement: Statement, lease?: number): Promise<number> {
  await waitForSnapshots(run, statement);
  const lasting = lease ?? (await leaseOf(run, statement));
  const session = { ...lockVariables(run.server, statement), ...statement.session };
  const previous = await readSession(run, Object.keys(session));
  await setSession(run, session);
  let worked: number;
  try {
    worked = await (statement.fill === undefined
      ? attempt(run, statement, lasting)
      : fill(run, statement.fill, lasting));
    // On a cluster the lease was to last longer: not longer than the statement. Whatever comes next asks again.
    if (run.server.cluster) await run.lease.extend().catch(() => undefined);
  } catch (error) {
    // The first error is the one to report; the run ends here in any case.
    await setSession(run, previous).catch(() => undefined);
    throw error;
  }
  await setSession(run, previous);
  return worked / 1000;
}

/** The same for a statement at this place, as a person reads it: the server's own error becomes STATEMENT_FAILED. */
export async function sendAt(run: Run, where: string, statement: Statement, lease?: number): Promise<number> {
  try {
    return await send(run, statement, lease);
  } catch (error) {
    throw error instanceof ServerError ? refused(run, where, statement, error) : error;
  }
}

// --- internal ---

/** Where nothing was predicted, as on the way back: rather too long than too short. */
async function leaseOf({ main, server }: Run, { reads: table }: Statement): Promise<number> {
  if (!server.cluster || table === undefined) return leaseFor(0);
  const size = (await readSizes(main, [table]))[table];
  return size === undefined ? leaseFor(0) : leaseFor(undefined, size.bytes);
}

function sendOnce({ main }: Run, { bytes, sql }: Statement) {
  return bytes === undefined ? main.run(sql) : main.runBytes(sql, Buffer.from(bytes, "hex"));
}

/** Returns milliseconds, like `fill`. */
async function attempt(run: Run, statement: Statement, lease: number): Promise<number> {
  if (isBuild(statement)) await nameOldTransactions(run, statement.locks);
  const wait = new LockWait(run, statement.locks.length === 0 ? statement.sql : listed(statement.locks));
  for (;;) {
    stopIfAsked(run);
    await extendLease(run, lease);
    const seen = nothingSeen();
    const began = performance.now();
    try {
      const { warnings } = await watchedSend(run, statement, wait.next, seen);
      for (const warning of warnings.filter((each) => !isDisplayWidth(each)))
        run.progress({ kind: "warning", text: `${warning.message} (warning ${warning.code})` });
      return performance.now() - began - (seen.waited ?? 0);
    } catch (error) {
      const isEndedByUs = seen.isEnded && isKilled(error) && !run.signals.kill.aborted;
      if (!isLockTimeout(error) && !isEndedByUs) throw error;
      await wait.pause(seen, performance.now() - began - seen.work);
    }
  }
}

function watchedSend(run: Run, statement: Statement, tried: number, seen: Seen) {
  const { main, watchdog, server } = run;
  const watched = {
    id: main.connectionId,
    database: main.database,
    sql: statement.sql,
    tables: statement.locks,
    mayWait: (work: number) => mayWait(tried, work),
  };
  return watchingWait({ db: watchdog, server, watched, seen }, () => sendOnce(run, statement));
}

/** On a cluster the statement blocks our own heartbeats, too. Throws LEASE_LOST: then the statement is not sent. */
async function extendLease(run: Run, lease: number): Promise<void> {
  const wait = new LockWait(run, "the tables of this tool");
  for (;;) {
    try {
      await run.lease.extend(run.server.cluster ? lease : undefined);
      return;
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      // No other session has its row locked.
      await wait.pause({ ...nothingSeen(), kind: "backup" }, 0);
      stopIfAsked(run);
    }
  }
}

/** Says how far it is each time that another tenth of the rows is filled. */
async function fill(run: Run, filled: Fill, lease: number): Promise<number> {
  const { rows = 0, table } = filled;
  let said = 0;
  let wait: LockWait | undefined;
  await extendLease(run, lease);
  const began = performance.now();
  let paused = 0;
  await fillInBatches(patientWith(run, table), filled, {
    between: () => {
      stopIfAsked(run);
      run.lease.check();
    },
    filled(done) {
      wait = undefined;
      const tenths = Math.floor((10 * done) / Math.max(rows, 1));
      if (tenths <= said || done >= rows) return;
      said = tenths;
      run.progress({ kind: "counted", done, of: rows });
    },
    async busy() {
      const from = performance.now();
      wait ??= new LockWait(run, `rows of ${table}`);
      await wait.pause({ ...nothingSeen(), kind: "rows" }, 0);
      paused += performance.now() - from;
    },
  });
  return performance.now() - began - paused;
}

/** Previous values of session variables, as SQL text. The same SELECT asks who answers, on both sessions. */
async function readSession({ main, server, watchdog }: Run, names: readonly string[]): Promise<Settings> {
  const columns = names.map((name) => `@@SESSION.${name} AS ${name}`);
  const [[before], [answer]] = await Promise.all([
    main.rows<Settings & Answerer>(`SELECT ${[...columns, whoAnswers(server)].join(", ")}`),
    watchdog.rows<Answerer>(`SELECT ${whoAnswers(server)}`),
  ]);
  assertSameSession(main, server, before);
  assertSameSession(watchdog, server, answer);
  const asText = (value: number | string | undefined) => (typeof value === "string" ? text(value) : Number(value));
  return Object.fromEntries(names.map((name) => [name, asText(before?.[name])]));
}

/** Session variables by name, with their values as SQL text. */
type Settings = Readonly<Record<string, number | string>>;

async function setSession({ main }: Run, values: Settings): Promise<void> {
  const set = Object.entries(values).map(([name, value]) => `${name} = ${value}`);
  await main.run(`SET SESSION ${set.join(", ")}`);
}
