/** Sends one statement that changes the database, and tries again if it only had to wait for a lock. */
import { setTimeout as sleep } from "node:timers/promises";
import { ServerError, isDisplayWidth, isLockTimeout } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import { listed } from "../plural.ts";
import { text } from "../sql.ts";
import type { Fill, Statement } from "../steps/contract.ts";
import { fillInBatches } from "./fill.ts";
import { type Run, stopIfAsked } from "./run.ts";
import { waitForSnapshots } from "./snapshots.ts";
import { refused } from "./step-errors.ts";

/**
 * Seconds that we wait for a table's metadata lock. Other sessions queue behind us meanwhile. A statement that has
 * worked for minutes waits longer at its end, so that its work is not lost.
 */
const SHORT_WAIT = 1;
const WAIT_AFTER_LONG_WORK = 5;
const ATTEMPTS = 20;
/** Passes over a table whose rows stay locked. Between them nothing waits, so that there are more of them. */
const FILL_PASSES = 30;
const LONGEST_PAUSE = 5_000;

/**
 * Sends a statement that is forecast to run for so many seconds. Throws LOCK_TIMEOUT, INTERRUPTED between two
 * attempts, or the error of the server; restores the settings of the session.
 */
export async function send(run: Run, statement: Statement, seconds = 0): Promise<void> {
  await waitForSnapshots(run, statement);
  const session = { ...lockWaits(run, statement, seconds), ...statement.session };
  const previous = await setSession(run, session);
  // On a cluster the statement blocks our own heartbeats, too.
  await run.lease.extend(60 + 4 * seconds);
  try {
    await (statement.fill === undefined ? attempt(run, statement) : fill(run, statement.fill));
  } catch (error) {
    // The first error is the one to report; the run ends here in any case.
    await setSession(run, previous).catch(() => undefined);
    throw error;
  }
  await setSession(run, previous);
}

/** The same for a statement at this place, as a person reads it: the server's own error becomes STATEMENT_FAILED. */
export async function sendAt(run: Run, where: string, statement: Statement, seconds = 0): Promise<void> {
  try {
    await send(run, statement, seconds);
  } catch (error) {
    throw error instanceof ServerError ? refused(run, where, statement, error) : error;
  }
}

// --- internal ---

/**
 * Seconds to wait for each kind of lock. An ALTER of a parent table also waits for open transactions on its child
 * tables: on MariaDB as InnoDB's lock (measured on 10.11), while it keeps the users of the parent out. A copy of the
 * table keeps the session's longer wait: it may meet a locked row after minutes of work. A batch of rows does not wait
 * for one of them while it holds the others: a smaller one comes next.
 */
function lockWaits(
  { server }: Run,
  { fill: filled, online }: Statement,
  seconds: number,
): Readonly<Record<string, number | string>> {
  if (filled !== undefined)
    return { lock_wait_timeout: SHORT_WAIT, innodb_lock_wait_timeout: server.dialect.names.shortestLockWait };
  const wait = seconds > 60 ? WAIT_AFTER_LONG_WORK : SHORT_WAIT;
  const isQuick = online !== undefined && online.algorithm !== "COPY";
  return { lock_wait_timeout: wait, ...(isQuick ? { innodb_lock_wait_timeout: wait } : {}) };
}

function sendOnce({ main }: Run, { bytes, sql }: Statement) {
  return bytes === undefined ? main.run(sql) : main.runBytes(sql, Buffer.from(bytes, "hex"));
}

async function attempt(run: Run, statement: Statement): Promise<void> {
  for (let tried = 1; ; tried++) {
    stopIfAsked(run);
    try {
      const { warnings } = await sendOnce(run, statement);
      for (const warning of warnings.filter((each) => !isDisplayWidth(each)))
        run.progress({ kind: "warning", text: `${warning.message} (warning ${warning.code})` });
      return;
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      await waitForLock(run, listed(statement.locks), tried, ATTEMPTS);
    }
  }
}

/** Says how far it is each time that another tenth of the rows is filled. */
async function fill(run: Run, filled: Fill): Promise<void> {
  const { rows = 0, table } = filled;
  let said = 0;
  await fillInBatches(run.main, filled, {
    between: () => {
      stopIfAsked(run);
      run.lease.check();
    },
    filled(done) {
      const tenths = Math.floor((10 * done) / Math.max(rows, 1));
      if (tenths <= said || done >= rows) return;
      said = tenths;
      run.progress({ kind: "counted", done, of: rows });
    },
    busy: (passes) => waitForLock(run, `rows of ${table}`, passes, FILL_PASSES),
  });
}

/** After an attempt that was not granted its lock: a pause, the longer the more often. Throws LOCK_TIMEOUT at the last. */
async function waitForLock(run: Run, what: string, tried: number, last: number): Promise<void> {
  const blockers = await readBlockers(run);
  if (tried === last) throw lockTimeout(run, what, blockers, tried);
  run.progress({ kind: "waiting", reason: `${what} is in use${blockers.map(({ what: who }) => `; ${who}`).join("")}` });
  const pause = Math.min(LONGEST_PAUSE, 250 * Math.max(tried, 1)) * (0.5 + Math.random());
  const stopped = AbortSignal.any([run.signals.stop, run.signals.kill]);
  await sleep(pause, undefined, { signal: stopped }).catch(() => undefined);
}

/**
 * Open transactions of other sessions in this database, the oldest first; the session that holds the lock is among
 * them. Without the PROCESS privilege the server shows none.
 */
async function readBlockers(run: Run): Promise<Blocker[]> {
  const rows = await run.watchdog
    .rows<{ id: number; age: number; user: string; host: string }>(
      "SELECT p.ID AS id, TIMESTAMPDIFF(SECOND, t.trx_started, NOW()) AS age, p.USER AS user, p.HOST AS host " +
        "FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id " +
        "WHERE p.DB = DATABASE() AND p.ID NOT IN (?, ?) ORDER BY t.trx_started LIMIT 3",
      [run.main.connectionId, run.watchdog.connectionId],
    )
    .catch(() => []);
  return rows.map(({ id, user, host, age }) => ({
    id: Number(id),
    what: `connection ${id} (${user}@${host}) has a transaction open for ${age} s`,
  }));
}

interface Blocker {
  readonly id: number;
  readonly what: string;
}

function lockTimeout(run: Run, locked: string, blockers: readonly Blocker[], tried: number): MigrateError {
  return new MigrateError("LOCK_TIMEOUT", `could not lock ${locked}: other sessions keep it in use`, {
    where: run.main.database,
    found:
      blockers.length > 0
        ? blockers.map(({ what }) => what)
        : "no session that holds the lock is visible; an account without the PROCESS privilege sees only its own sessions",
    done: `the statement was tried ${tried} times without effect; what this run did before is recorded`,
    next: [
      ...(blockers.length > 0
        ? ["wait until these sessions end their transactions, or end the sessions:"]
        : ["SHOW FULL PROCESSLIST;   -- as an account with PROCESS: the sessions that use the table"]),
      ...blockers.map(({ id }) => `KILL ${id};`),
      withNote(run.retry, "continues where it stopped"),
    ],
  });
}

/** Sets session variables, given as SQL text, and returns their previous values as SQL text. */
async function setSession(
  run: Run,
  values: Readonly<Record<string, number | string>>,
): Promise<Record<string, number | string>> {
  const names = Object.keys(values);
  const [before = {}] = await run.main.rows<Record<string, number | string>>(
    `SELECT ${names.map((name) => `@@SESSION.${name} AS ${name}`).join(", ")}`,
  );
  await run.main.run(`SET SESSION ${names.map((name) => `${name} = ${values[name]}`).join(", ")}`);
  const asText = (value: number | string | undefined) => (typeof value === "string" ? text(value) : Number(value));
  return Object.fromEntries(names.map((name) => [name, asText(before[name])]));
}
