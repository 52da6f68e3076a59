/** LEASE_HELD and LEASE_LOST. */
import { type Server, formatNode } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { type Hint, type Next, hint, withNote } from "../hint.ts";
import type { LeaseHolder } from "./lease-holder.ts";
import { advisoryLockName } from "./lease-sql.ts";
import { leaseTable } from "./tables.ts";

/** `lock`: the connection that holds the advisory lock here. */
export function leaseHeld(
  { database }: Db,
  server: Server,
  held: LeaseHolder | undefined,
  lock: number | undefined,
  retry: Hint,
): MigrateError {
  return new MigrateError("LEASE_HELD", "another run is changing this database", {
    where: `${leaseTable} in ${database}`,
    found: held === undefined ? heldByLock(database, lock) : heldBy(held),
    done: "no table of ISPyB was changed",
    next: nextAfter(database, server, held, lock, retry),
  });
}

export function clusterBusy({ database }: Db, cause: Error, retry: Hint): MigrateError {
  return new MigrateError("LEASE_HELD", "the cluster is busy with a change, maybe of another run", {
    where: database,
    found: `${cause.message}: this node waited for the changes of the others`,
    done: "no table of ISPyB was changed",
    next: [
      hint("status", { note: "answers once the change is done, and shows the lease" }),
      withNote(retry, "afterwards"),
    ],
    cause,
  });
}

export function leaseLost(): MigrateError {
  return new MigrateError("LEASE_LOST", "another run took over the lease while this one was working", {
    where: leaseTable,
    done: "the last statement may have succeeded; nothing was recorded after the lease was lost",
    next: hint("status", { note: "shows the holder, and what is recorded" }),
  });
}

// --- internal ---

function heldByLock(database: string, lock: number | undefined): string {
  return `connection ${lock ?? "of another session"} holds the advisory lock ${advisoryLockName(database)}`;
}

function heldBy({ connectionId, holder, node, silent, silentFor }: LeaseHolder): string {
  const words = silent ? `; it has not been heard of for ${silentFor} s` : "";
  return `${holder}, connection ${connectionId} on ${formatNode(node)}${words}`;
}

function nextAfter(
  database: string,
  { dialect }: Server,
  held: LeaseHolder | undefined,
  lock: number | undefined,
  retry: Hint,
): Next[] {
  if (held === undefined) {
    return [
      `SELECT IS_USED_LOCK('${advisoryLockName(database)}');   -- repeat until it is NULL`,
      withNote(retry, "once it is NULL"),
    ];
  }
  if (held.silent && lock === held.connectionId) {
    const who = `its account, or one with ${dialect.names.connectionAdmin}`;
    return [
      `KILL ${lock};   -- as ${who}: ends the session of the silent run, if its program is gone or hangs`,
      withNote(retry, "afterwards: takes over"),
    ];
  }
  return [hint("status", { note: "repeat until it shows no lease" }), withNote(retry, "once there is no lease")];
}
