/**
 * A session whose statements are sent again when a lock on the whole table or server kept them waiting: LOCK TABLES, or a
 * backup. The journal and the tables of this tool are locked by a backup as all others are.
 */
import { nothingSeen, watchingWait } from "../blockers/watch-wait.ts";
import type { Db } from "../db/db.ts";
import { intercept } from "../db/intercept.ts";
import { isLockTimeout } from "../db/server-errors.ts";
import { LockWait, type Waiter } from "./wait-for-lock.ts";

/** The main session, patient with changes of the tool's own tables. */
export function patientWithOwnTables(run: Waiter): Db {
  return patient(run, "the tables of this tool", isOnOwnTable);
}

/** The main session, patient with all statements; `table` is the one that they use. A wait for rows ends as before. */
export function patientWith(run: Waiter, table: string): Db {
  return patient(run, table, () => true);
}

// --- internal ---

function patient(run: Waiter, what: string, isMeant: (sql: string) => boolean): Db {
  const { main, watchdog, server, signals } = run;
  return intercept(main, async (sql, send) => {
    if (!isMeant(sql)) return send();
    const wait = new LockWait(run, what);
    const watched = { id: main.connectionId, database: main.database, sql, tables: [what], mayWait: () => Infinity };
    for (;;) {
      const seen = nothingSeen();
      try {
        return await watchingWait({ db: watchdog, server, watched, seen }, send);
      } catch (error) {
        const isWholeTable = seen.kind === "table" || seen.kind === "backup";
        if (!isLockTimeout(error) || !isWholeTable || signals.stop.aborted || signals.kill.aborted) throw error;
        await wait.pause(seen, 0);
      }
    }
  });
}

/** A statement of ours that changes one of them; what only reads never waits for a backup. */
function isOnOwnTable(sql: string): boolean {
  return /^\s*(?:INSERT|UPDATE|DELETE|CREATE|ALTER|DROP)\b[^(]*\bispyb_migrate_(?:journal|lease|seed)\b/i.test(sql);
}
