/** Between two tries of a statement that did not get its lock: who holds it, a pause, and the end of patience. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Blockers, blockerDetails, findBlockers, waitingText } from "../blockers/blockers.ts";
import type { Seen } from "../blockers/watch-wait.ts";
import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import { listed } from "../plural.ts";
import { pauseAfter } from "./lock-limits.ts";
import type { Run } from "./run.ts";
import { before } from "./step-errors.ts";

/** After two builds that were lost there is no third; shorter work, in seconds, may be repeated as often as needed. */
const BUILDS = 2;
const COUNTS_FROM = 1;

/** Who waits. `watchdog` may be `main` itself while it sends nothing else. */
export interface Waiter extends Pick<
  Run,
  "main" | "watchdog" | "server" | "signals" | "progress" | "lockTimeout" | "retry"
> {
  /** What to say of the work before it. Without it, it is a run that has begun. */
  readonly done?: string;
}

export class LockWait {
  readonly #run: Waiter;
  readonly #what: string;
  readonly #started = performance.now();
  /** Seconds of each build that was lost. */
  readonly #lost: number[] = [];
  #tried = 0;

  constructor(run: Waiter, what: string) {
    this.#run = run;
    this.#what = what;
  }

  /** The number of the try that comes next. */
  get next(): number {
    return this.#tried + 1;
  }

  /** After a try that kept others waiting for `stalled` milliseconds. Throws LOCK_TIMEOUT at the end of patience. */
  async pause(seen: Seen, stalled: number): Promise<void> {
    this.#tried++;
    const { signals, progress, lockTimeout } = this.#run;
    const work = seen.work / 1000;
    if (work >= COUNTS_FROM) this.#lost.push(work);
    const blockers = await this.#blockers(seen);
    const rest = lockTimeout * 1000 - (performance.now() - this.#started);
    if (rest <= 0 || this.#lost.length >= BUILDS) throw this.#timeout(blockers);
    const lost = work > 0 ? `the server's work of ${work.toFixed(1)} s was lost, because ` : "";
    progress({ kind: "waiting", reason: `${lost}${waitingText(this.#what, blockers)}` });
    // An ALTER that waits for rows keeps the users of its table out, too (MariaDB).
    const pause = Math.min(pauseAfter(stalled, blockers.kind !== "backup" && stalled > 0), rest);
    const stopped = AbortSignal.any([signals.stop, signals.kill]);
    await sleep(pause, undefined, { signal: stopped }).catch(() => undefined);
  }

  #blockers(seen: Seen): Promise<Blockers> {
    const { main, watchdog, server } = this.#run;
    return findBlockers(watchdog, server, seen, [main.connectionId, watchdog.connectionId]);
  }

  #timeout(blockers: Blockers): MigrateError {
    const { main, retry, done = before } = this.#run;
    const { next, seen } = blockerDetails(blockers);
    const seconds = Math.round((performance.now() - this.#started) / 1000);
    const works = this.#lost.map((work) => `${work.toFixed(1)} s`);
    const lost = works.length === 0 ? "" : ` (the server's work of ${listed(works)} was lost)`;
    const what =
      blockers.kind === "backup"
        ? `could not go on with ${this.#what}: the server stayed locked, as for a backup`
        : `could not lock ${this.#what}: other sessions keep it in use`;
    return new MigrateError("LOCK_TIMEOUT", what, {
      where: main.database,
      found: seen,
      done: `the statement was tried ${this.#tried} times in ${seconds} s without effect${lost}; ${done}`,
      next: [...next, withNote(retry, "tries again; --lock-timeout SECONDS waits longer")],
    });
  }
}
