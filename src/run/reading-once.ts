/** A session that only reads and is run again by hand: where LOCK TABLES keeps it away it ends, and says whose lock it is. */
import { blockerDetails, findBlockers } from "../blockers/blockers.ts";
import { readLockers } from "../blockers/read-holders.ts";
import { nothingSeen } from "../blockers/watch-wait.ts";
import { readServer } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { intercept } from "../db/intercept.ts";
import { isLockTimeout } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, withNote } from "../hint.ts";

/** The session, whose wait for a lock ends as LOCK_TIMEOUT with the holder. `retry`: the command to run again. */
export function readingOnce(db: Db, retry: Hint): Db {
  return intercept(db, async (_sql, send) => {
    try {
      return await send();
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      const server = await readServer(db);
      // A node of a cluster says the same while it waits for the changes of the others.
      if (server.cluster) throw error;
      const holders = await readLockers(db, server);
      const seen = { ...nothingSeen(), ...(holders === undefined ? {} : { holders }) };
      const { next, seen: shown } = blockerDetails(await findBlockers(db, server, seen, [db.connectionId], "rows"));
      throw new MigrateError("LOCK_TIMEOUT", "could not read a table: another session keeps it locked", {
        where: db.database,
        found: shown,
        done: "this command only reads: nothing was changed",
        next: [...next, withNote(retry, "once the table is free")],
        cause: error,
      });
    }
  });
}
