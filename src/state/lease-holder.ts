import type { Db } from "../db/db.ts";
import { leaseTimes } from "./lease-times.ts";
import { type ToolTables, existingToolTables, leaseTable, readToolRows } from "./tables.ts";

export interface LeaseHolder {
  readonly owner: string;
  readonly holder: string;
  readonly identity: string;
  readonly node: string;
  readonly connectionId: number;
  readonly fence: number;
  /** Its time has run out. */
  readonly expired: boolean;
  /** No heartbeat for a while: its client is gone, or stalled together with the whole cluster. */
  readonly silent: boolean;
  /** Seconds since its last heartbeat. */
  readonly silentFor: number;
}

/**
 * The holder of the lease; undefined if it is free or the table does not exist. `silence`: seconds without a heartbeat.
 * Needs only SELECT.
 */
export async function readLease(
  db: Db,
  silence = leaseTimes.silence,
  tables?: ToolTables,
): Promise<LeaseHolder | undefined> {
  if (!(tables ?? (await existingToolTables(db))).has(leaseTable)) return undefined;
  const [row] = await readToolRows<Omit<LeaseHolder, "expired" | "silent"> & { expired: number }>(
    db,
    leaseTable,
    "owner, holder, identity, node, connection_id AS connectionId, fence, expires_at < UTC_TIMESTAMP(6) AS expired, " +
      "TIMESTAMPDIFF(SECOND, heartbeat_at, UTC_TIMESTAMP(6)) AS silentFor",
    "WHERE id = 1 AND owner IS NOT NULL",
  );
  return row === undefined
    ? undefined
    : {
        ...row,
        connectionId: Number(row.connectionId),
        fence: Number(row.fence),
        expired: Number(row.expired) === 1,
        silentFor: Number(row.silentFor),
        silent: Number(row.silentFor) >= silence,
      };
}
