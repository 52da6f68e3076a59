/** What a run consists of, and the events that it reports. */
import type { Needs } from "../catalog/hidden.ts";
import type { Server } from "../catalog/server.ts";
import type { Changes } from "../db/after-changes.ts";
import type { Db } from "../db/db.ts";
import { type Details, MigrateError } from "../errors.ts";
import { type Hint, withNote } from "../hint.ts";
import type { LeaseTimes } from "../state/lease-times.ts";
import type { Lease } from "../state/keep-lease.ts";

export type Progress =
  | { readonly kind: "waiting"; readonly reason: string }
  | { readonly kind: "section"; readonly name: string }
  | { readonly kind: "running"; readonly title: string }
  | { readonly kind: "warning"; readonly text: string }
  /** What a person should know, and the run does nothing about. */
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "done"; readonly title: string; readonly seconds: number }
  /** `how`: "already there", "nothing to do". */
  | { readonly kind: "adopted"; readonly title: string; readonly how: string; readonly notices: readonly string[] }
  | { readonly kind: "saved"; readonly what: string; readonly rows: number; readonly path: string }
  | { readonly kind: "forgotten"; readonly title: string }
  /** So many of all rows or jobs are done. */
  | { readonly kind: "counted"; readonly done: number; readonly of: number };

export interface Signals {
  /** Stop after the running statement. */
  readonly stop: AbortSignal;
  /** End the running statement on the server. */
  readonly kill: AbortSignal;
}

/** What every change of a database is called with. */
export interface RunOptions {
  /** Opens a session: `main` for the statements, then `watchdog`. */
  readonly connect: (role: string) => Promise<Db>;
  readonly signals: Signals;
  readonly progress: (event: Progress) => void;
  /** The server may be a replica: of a ring, or of several primaries. */
  readonly onReplica?: boolean;
  /** Other times of the lease than the usual ones. */
  readonly leaseTimes?: Partial<LeaseTimes>;
  /** Others may be blocked for long, and older transactions may end with an error. */
  readonly allowStall?: boolean;
  /** Seconds that a statement may wait for locks of other sessions, altogether. */
  readonly lockTimeout?: number;
}

export interface Run extends Pick<RunOptions, "allowStall" | "signals" | "progress"> {
  /** Sends the statements that change the database. */
  readonly main: Db;
  /** The second session: sends heartbeats and, on request, kills a statement. */
  readonly watchdog: Db;
  readonly server: Server;
  readonly lease: Lease;
  /** What tables need beyond their catalog, as the server said before the run. */
  readonly needs: Needs;
  /** The command that continues this run after a stop. */
  readonly retry: Hint;
  /** A row of the journal is written before anything else is changed. */
  readonly changes: Changes;
  /** Seconds that a statement may wait for locks, altogether. */
  readonly lockTimeout: number;
}

/** Throws INTERRUPTED between two statements, where everything before is done and recorded. */
export function stopIfAsked(run: Run): void {
  if (!run.signals.stop.aborted && !run.signals.kill.aborted) return;
  throw interrupted(run, "every earlier statement is done and recorded; no further one takes effect");
}

/**
 * The same run, not interruptible: the database is between two states and must not be left there. A kill still ends a
 * statement, or the wait between two attempts to send it.
 */
export function uninterruptible(run: Run): Run {
  const never = new AbortController().signal;
  const { kill } = run.signals;
  return { ...run, signals: { stop: never, kill: kill.aborted ? never : kill } };
}

export function interrupted({ retry }: Run, done: string): MigrateError {
  return stoppedAsAsked({ done, next: withNote(retry, "continues where it stopped") });
}

export function stoppedAsAsked(details: Details): MigrateError {
  return new MigrateError("INTERRUPTED", "stopped on request", details);
}
