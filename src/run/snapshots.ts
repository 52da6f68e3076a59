/**
 * Transactions that have read and will read on: dumps, reports, sessions of a program. Their reads show the rows of the
 * moment when they began. A table whose rows were written again since then has none, and the read fails with 1412
 * (ER_TABLE_DEF_CHANGED): a dump ends with an error. So the run waits for them before it sends such a statement.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { formatAccount } from "../access/account.ts";
import { nowAsInnodb } from "../blockers/read-holders.ts";
import { isAccessDenied } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { withNote, withOptions } from "../hint.ts";
import { shortenStatement } from "../shorten-statement.ts";
import type { Statement } from "../steps/contract.ts";
import { endsSnapshots } from "./ends-snapshots.ts";
import { type Run, stopIfAsked } from "./run.ts";
import { sayOnce } from "./say-once.ts";
import { before } from "./step-errors.ts";

/** A transaction that began before this moment, and sees the rows of its own beginning. */
interface Snapshot {
  readonly id: number;
  /** Beside the id, what tells it from a later one of the same session. */
  readonly began: string;
  readonly seconds: number;
  readonly user: string;
  readonly host: string;
  /** What it executes now. */
  readonly statement: string | null;
}

/** Milliseconds between the first two looks, and at most; the server keeps its list of transactions for 100 ms. */
const LOOK_EVERY = 250;
const LONGEST_PAUSE = 5_000;
/** Seconds from which a transaction that began after the first look counts, too. A busy server always has short ones. */
const OLD = 2;

/**
 * Returns when no transaction is left that the statement would end. Throws INTERRUPTED, or after --lock-timeout LOCK_TIMEOUT;
 * with --allow-stall it names them and does not wait.
 */
export async function waitForSnapshots(run: Run, statement: Statement): Promise<void> {
  const harm = endsSnapshots(statement, run.server);
  if (harm === undefined) return;
  const first = await readSnapshots(run);
  if (first === undefined) return sayUnseen(run);
  if (first.length === 0) return;
  if (!harm.isCertain || run.allowStall === true) {
    const rest = await lasting(run, first, LOOK_EVERY);
    const key = [harm.effect, ...rest.map(({ began, id }) => `${id} ${began}`)].join();
    if (rest.length > 0) sayOnce(run, key, `${listOf(rest)}; ${harm.effect}`);
    return;
  }
  const started = performance.now();
  for (let look = 1; ; look++) {
    const left = run.lockTimeout * 1000 - (performance.now() - started);
    const rest = await lasting(run, first, Math.min(LOOK_EVERY * look, LONGEST_PAUSE, Math.max(left, 0)));
    if (rest.length === 0) return;
    if (left <= 0) throw stillThere(run, rest, harm.effect);
    if (look === 1) run.progress({ kind: "waiting", reason: `${listOf(rest)}; ${harm.effect}` });
    stopIfAsked(run);
  }
}

// --- internal ---

/** Those of the first look that are still there after a pause, and others that are old by now. */
async function lasting(run: Run, first: readonly Snapshot[], pause: number): Promise<Snapshot[]> {
  const stopped = AbortSignal.any([run.signals.stop, run.signals.kill]);
  await sleep(pause, undefined, { signal: stopped }).catch(() => undefined);
  const isOfFirst = (each: Snapshot) => first.some(({ began, id }) => id === each.id && began === each.began);
  return ((await readSnapshots(run)) ?? []).filter((each) => each.seconds >= OLD || isOfFirst(each));
}

/**
 * Undefined if this account may not see them. Transactions that write in another database are left out; those that only
 * read there may be a dump of all databases. READ COMMITTED sees new rows with each statement.
 */
async function readSnapshots({ main, watchdog }: Run): Promise<Snapshot[] | undefined> {
  try {
    const rows = await watchdog.rows<Snapshot & { id: number | string; seconds: number | string }>(
      "SELECT t.trx_mysql_thread_id AS id, CAST(t.trx_started AS CHAR) AS began, p.USER AS user, p.HOST AS host, p.INFO AS statement, " +
        `TIMESTAMPDIFF(SECOND, t.trx_started, ${nowAsInnodb}) AS seconds ` +
        "FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id " +
        "WHERE t.trx_isolation_level = 'REPEATABLE READ' AND p.ID NOT IN (?, ?) " +
        "AND (p.DB IS NULL OR p.DB = DATABASE() OR t.trx_rows_modified + t.trx_rows_locked = 0) ORDER BY t.trx_started",
      [main.connectionId, watchdog.connectionId],
    );
    return rows.map((row) => ({ ...row, id: Number(row.id), seconds: Number(row.seconds) }));
  } catch (error) {
    if (isAccessDenied(error)) return undefined;
    throw error;
  }
}

function listOf(snapshots: readonly Snapshot[]): string {
  return snapshots.map(formatSnapshot).join("; ");
}

function formatSnapshot({ host, id, seconds, statement, user }: Snapshot): string {
  const executes = statement === null ? "" : `, and executes ${shortenStatement(statement)}`;
  return `connection ${id} (${user}@${host}) has a transaction open for ${seconds} s${executes}`;
}

function sayUnseen(run: Run): void {
  const account = formatAccount(run.server.account);
  sayOnce(
    run,
    "unseen",
    "not visible to this account: dumps and other open transactions, whose reads of changed tables may fail with error 1412. " +
      `To see them, and wait for them: GRANT PROCESS ON *.* TO ${account};`,
  );
}

function stillThere(run: Run, rest: readonly Snapshot[], effect: string): MigrateError {
  const { retry } = run;
  return new MigrateError("LOCK_TIMEOUT", "a dump or another transaction is older than the change, and has not ended", {
    where: run.main.database,
    found: rest.map(formatSnapshot),
    wanted: `no transaction that is older than the change: ${effect}`,
    done: `the statement was not sent; ${before}`,
    next: [
      "wait until they end, or end them:",
      ...rest.map(({ id }) => `KILL ${id};`),
      withNote(retry, "continues where it stopped; --lock-timeout SECONDS waits longer"),
      ...(retry.command === "up" || retry.command === "down"
        ? [withNote(withOptions(retry, { "allow-stall": true }), "or: does not wait for them")]
        : []),
    ],
  });
}
