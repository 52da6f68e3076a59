/** LOCK TABLES … WRITE keeps readers away, too: what only reads waits for it as what changes does. */
import { readLockers } from "../blockers/read-holders.ts";
import { nothingSeen } from "../blockers/watch-wait.ts";
import { readServer } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { intercept } from "../db/intercept.ts";
import { isLockTimeout } from "../db/server-errors.ts";
import type { Hint } from "../hint.ts";
import { LOCK_TIMEOUT } from "./lock-limits.ts";
import type { RunOptions } from "./run.ts";
import { LockWait } from "./wait-for-lock.ts";

export interface Reading extends Pick<RunOptions, "signals" | "progress" | "lockTimeout"> {
  /** The command to repeat if patience ends. */
  readonly retry: Hint;
}

/** The session, whose reads are sent again while a table is locked. Throws LOCK_TIMEOUT. */
export function patientReader(db: Db, reading: Reading): Db {
  const { signals, lockTimeout = LOCK_TIMEOUT } = reading;
  return intercept(db, async (sql, send) => {
    if (!isReading(sql)) return send();
    let wait: LockWait | undefined;
    for (;;) {
      try {
        return await send();
      } catch (error) {
        if (!isLockTimeout(error) || signals.stop.aborted || signals.kill.aborted) throw error;
        const server = await readServer(db);
        // A node of a cluster says the same while it waits for the changes of the others.
        if (server.cluster) throw error;
        wait ??= new LockWait(
          { ...reading, lockTimeout, main: db, watchdog: db, server, done: "nothing was changed" },
          "a table that this command has to read",
        );
        const holders = await readLockers(db, server);
        // Readers are no obstacle for others.
        await wait.pause({ ...nothingSeen(), kind: "rows", ...(holders === undefined ? {} : { holders }) }, 0);
      }
    }
  });
}

// --- internal ---

/** A plain read, which waits for no row. */
function isReading(sql: string): boolean {
  return /^\s*(?:SELECT|SHOW)\b/i.test(sql) && !/\bFOR UPDATE\b/i.test(sql);
}
