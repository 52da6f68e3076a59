/** The lease as this database has it: a copy of a database, made while a run was at work, comes with the lease of the original. */
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { type LeaseHolder, readLease } from "./lease-holder.ts";
import { lockHolder } from "./lease-session.ts";
import type { ToolTables } from "./tables.ts";

/**
 * The holder of the lease; undefined if it is free, or if it was copied here from another server. A holder on this server
 * without its advisory lock is gone, or works on the database that this one was copied from: the next run takes over.
 */
export async function readLeaseHere(db: Db, server: Server, tables: ToolTables): Promise<LeaseHolder | undefined> {
  const lease = await readLease(db, undefined, tables);
  if (lease === undefined || lease.identity !== server.identity) return undefined;
  if (lease.expired || lease.node !== server.node) return lease;
  return { ...lease, expired: (await lockHolder(db)) === undefined };
}
