/** Work under the lease: what `up`, `down` and `seed` have in common. */
import { markingChanges } from "../db/after-changes.ts";
import { ReplaceableDb } from "../db/replaceable.ts";
import type { MigrateError } from "../errors.ts";
import { acquireLease } from "../state/lease.ts";
import { assertSteady } from "../state/same-session.ts";
import { killOnSignal } from "./kill-on-signal.ts";
import { LOCK_TIMEOUT } from "./lock-limits.ts";
import { patientWithOwnTables } from "./patient.ts";
import { assertRightServer } from "./right-server.ts";
import { type Run, type RunOptions, interrupted } from "./run.ts";

export interface LeaseRequest extends RunOptions, Pick<Run, "main" | "server" | "retry">, Partial<Pick<Run, "needs">> {}

/** A run that holds the lease. */
export interface LeasedRun extends Run {
  /** Runs `work` with this run; the second Ctrl-C ends its statements. `stopped` makes the error of such an end. */
  readonly killable: <T>(work: (run: Run) => Promise<T>, stopped?: (done: string) => MigrateError) => Promise<T>;
}

/** Keeps every other run of this tool out while it works. Throws SERVER_IS_REPLICA, NODE_NOT_SYNCED, SESSION_MOVED, LEASE_HELD and INTERRUPTED. */
export async function withLease<T>(request: LeaseRequest, work: (run: LeasedRun) => Promise<T>): Promise<T> {
  const {
    allowStall = false,
    connect,
    leaseTimes: times = {},
    main,
    needs = new Map(),
    onReplica,
    progress,
    retry,
    server,
    signals,
  } = request;
  await assertRightServer(main, server, onReplica, retry);
  await using watchdog = await ReplaceableDb.open(async () => {
    const session = await connect("watchdog");
    await assertSteady(session, server, retry);
    // A heartbeat that waits for a backup must not keep this session from looking at the other one.
    await session.run("SET SESSION lock_wait_timeout = 1");
    return session;
  });
  const changes = { begun: false };
  const { lockTimeout = LOCK_TIMEOUT } = request;
  const parts = { allowStall, main, watchdog, server, needs, signals, retry, progress, changes, lockTimeout };
  const waiting = { ...parts, main: patientWithOwnTables(parts) };
  const onWait = (reason: string) => progress({ kind: "waiting", reason });
  await using lease = await acquireLease({ main: waiting.main, watchdog, server, times }, onWait, signals.stop, retry);
  const run: Run = { ...waiting, lease };
  return await markingChanges(changes, () =>
    work({
      ...run,
      killable: (each, stopped = (done) => interrupted(run, done)) => killOnSignal(run, stopped, each),
    }),
  );
}
