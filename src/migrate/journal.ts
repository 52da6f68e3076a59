/**
 * What was done to this database: an intent before each statement and its outcome after. Rows are
 * written only under the lease that is named by its fence, so that a run that lost it cannot write.
 */
import type { Server } from "../catalog/server.ts";
import type { Db } from "../db/db.ts";
import { type Lease, leaseLost } from "./lease.ts";
import { existingToolTables, journalTable, leaseTable, rowsOf } from "./tool-tables.ts";
import { version } from "../version.ts";

/**
 * done: by this tool. found: it was there before. intended: nobody knows, the catalog has to tell.
 * not done: the server refused it, or it was taken back; it had or has no effect.
 */
export type EntryState = "intended" | "done" | "found" | "not done";

export interface Entry {
  readonly migration: string;
  /** Counted from 1; 0 is the migration as a whole. */
  readonly step: number;
  readonly state: EntryState;
  readonly checksum: string | null;
  readonly what: string;
  /** By which account, and when it was done; UTC by the clock of the server. */
  readonly account: string;
  readonly finishedAt: string | null;
}

/** Everything recorded, oldest first; nothing where the table is not there. Only SELECT is needed. */
export async function readJournal(db: Db): Promise<Entry[]> {
  if (!(await existingToolTables(db)).has(journalTable)) return [];
  const columns =
    "migration, step, state, checksum, what, account, DATE_FORMAT(finished_at, '%Y-%m-%d %H:%i:%s') AS finishedAt";
  return rowsOf<Entry>(db, journalTable, columns, "ORDER BY id");
}

export function entryOf(journal: readonly Entry[], migration: string, step: number): Entry | undefined {
  return journal.find((entry) => entry.migration === migration && entry.step === step);
}

export interface JournalRow {
  readonly migration: string;
  readonly step: number;
  readonly what: string;
  readonly state: EntryState;
  readonly statement?: string;
  readonly checksum?: string;
}

/** Writes one row, or brings the row of the same step up to date. Throws LEASE_LOST. */
export async function record(db: Db, server: Server, lease: Lease, row: JournalRow): Promise<void> {
  const finished = row.state === "intended" ? "NULL" : "UTC_TIMESTAMP(6)";
  const outcome = await db.run(
    `INSERT INTO ${journalTable} ` +
      "(migration, step, what, state, checksum, statement, node, connection_id, fence, account, tool, started_at, finished_at) " +
      `SELECT ?, ?, ?, ?, ?, ?, ?, ?, fence, ?, ?, UTC_TIMESTAMP(6), ${finished} FROM ${leaseTable} ` +
      "WHERE id = 1 AND owner = ? AND fence = ? " +
      "ON DUPLICATE KEY UPDATE state = VALUES(state), statement = COALESCE(VALUES(statement), statement), " +
      "node = VALUES(node), connection_id = VALUES(connection_id), fence = VALUES(fence), account = VALUES(account), " +
      "tool = VALUES(tool), finished_at = VALUES(finished_at)",
    [
      row.migration,
      row.step,
      row.what,
      row.state,
      row.checksum ?? null,
      row.statement ?? null,
      server.node,
      db.connectionId,
      server.account,
      version,
      lease.owner,
      lease.fence,
    ],
  );
  if (outcome.affectedRows === 0) throw leaseLost();
}
