/**
 * The journal: what was done to this database, with an intent before each statement and its outcome after it. Rows are
 * written only under the lease with the fence that they name, so a run that lost its lease cannot write.
 */
import type { Server } from "../catalog/server.ts";
import { count } from "../db/count.ts";
import type { Db } from "../db/db.ts";
import { version } from "../version.ts";
import type { Lease } from "./keep-lease.ts";
import { leaseLost } from "./lease-errors.ts";
import { type MeasuredHere, formatMeasured } from "./measured.ts";
import { assertStillHere } from "./same-session.ts";
import { type ToolTables, existingToolTables, journalTable, leaseTable, readToolRows } from "./tables.ts";

/**
 * done: by this step. found: already there when `up` came to it. intended: unknown, the catalog decides.
 * not done: the server refused it, or it was undone. skipped: left as it is, for the reason in `previous`.
 */
export type EntryState = "intended" | "done" | "found" | "not done" | "skipped";

export interface Entry {
  readonly migration: string;
  /** Counted from 1; 0 is the migration as a whole. */
  readonly step: number;
  readonly state: EntryState;
  /** Of the migration or of the one step; null if the form of the step was not recorded. */
  readonly checksum: string | null;
  readonly what: string;
  /** The last statement that was sent for it. */
  readonly statement: string | null;
  /** What the statement has to remember: see Statement.before in src/steps/contract.ts. */
  readonly previous: string | null;
  /** How long the statement worked: see measured.ts. */
  readonly measured: string | null;
  /** The account, and when it was done: UTC by the clock of the server. */
  readonly account: string;
  readonly finishedAt: string | null;
}

/** All entries, the oldest first; none if the table does not exist. Needs only SELECT. */
export async function readJournal(db: Db, tables?: ToolTables): Promise<Entry[]> {
  const existing = (tables ?? (await existingToolTables(db))).get(journalTable);
  if (existing === undefined) return [];
  const ifThere = (name: string) => (existing.has(name) ? name : `NULL AS ${name}`);
  const columns = `migration, step, state, checksum, what, statement, ${ifThere("previous")}, ${ifThere("measured")}, account, DATE_FORMAT(finished_at, '%Y-%m-%d %H:%i:%s') AS finishedAt`;
  return readToolRows<Entry>(db, journalTable, columns, "ORDER BY id");
}

export function entryOf(journal: readonly Entry[], migration: string, step: number): Entry | undefined {
  return journal.find((entry) => entry.migration === migration && entry.step === step);
}

/** `what` of the row of a migration that `forget` left out of account. */
export const FORGOTTEN = "forgotten";
export const ADOPTED: EntryState = "found";

/** The row of a migration as a whole, if it counts: one that is not done only keeps the reason why. */
export function wholeEntry(journal: readonly Entry[], migration: string): Entry | undefined {
  const entry = entryOf(journal, migration, 0);
  return entry?.state === "not done" ? undefined : entry;
}

/** Whether `forget` left this migration out of account; its steps stay recorded. */
export function isForgotten(journal: readonly Entry[], migration: string): boolean {
  const entry = entryOf(journal, migration, 0);
  return entry?.state === "not done" && entry.what === FORGOTTEN;
}

/** Done, or already there. */
export function isRecorded(entry: Entry | undefined): boolean {
  return entry?.state === "done" || entry?.state === "found";
}

export interface JournalRow {
  readonly migration: string;
  readonly step: number;
  readonly what: string;
  readonly state: EntryState;
  readonly statement?: string;
  readonly previous?: string;
  readonly measured?: MeasuredHere;
  readonly checksum: string;
}

/** The columns of a row, in this order. */
const recorded = [
  "migration",
  "step",
  "what",
  "state",
  "checksum",
  "statement",
  "previous",
  "node",
  "connection_id",
  "account",
  "tool",
] as const;

/**
 * The form before our first change. The old state decides, so this assignment must come before `state =`: MySQL and
 * MariaDB assign from left to right.
 */
const firstPrevious = "IF(state IN ('not done', 'found'), VALUES(previous), COALESCE(previous, VALUES(previous)))";

/** The value that the caller has combined of old and new. */
export const givenPrevious = "VALUES(previous)";

/**
 * Inserts one row under the lease, or updates the row of the same step. The values are SQL: parameters, or
 * expressions in a script.
 */
export function recordStatement(
  values: Readonly<Record<(typeof recorded)[number] | "finished", string>>,
  held: string,
  previous = firstPrevious,
  measured?: string,
): string {
  const more = measured === undefined ? [] : [["measured", measured] as const];
  const columns = [...recorded.map((name) => [name, values[name]] as const), ...more];
  return (
    `INSERT INTO ${journalTable} (${columns.map(([name]) => name).join(", ")}, fence, started_at, finished_at) ` +
    `SELECT ${columns.map(([, value]) => value).join(", ")}, fence, UTC_TIMESTAMP(6), ${values.finished} ` +
    `FROM ${leaseTable} WHERE ${held} ` +
    `ON DUPLICATE KEY UPDATE previous = ${previous}, ` +
    "what = VALUES(what), state = VALUES(state), checksum = VALUES(checksum), " +
    `statement = COALESCE(VALUES(statement), statement), ${measured === undefined ? "" : "measured = VALUES(measured), "}` +
    "node = VALUES(node), connection_id = VALUES(connection_id), fence = VALUES(fence), account = VALUES(account), " +
    "tool = VALUES(tool), finished_at = VALUES(finished_at)"
  );
}

/** Throws LEASE_LOST, and for an intent SESSION_MOVED: what follows an intent belongs to this session. */
export async function record(db: Db, server: Server, lease: Lease, row: JournalRow, previous?: string): Promise<void> {
  const isIntent = row.state === "intended";
  const finished = isIntent ? "NULL" : "UTC_TIMESTAMP(6)";
  const held = "id = 1 AND owner = ? AND fence = ?";
  const parameters = Object.fromEntries(recorded.map((name) => [name, "?"])) as Record<(typeof recorded)[number], "?">;
  const outcome = await db.run(
    recordStatement(
      { ...parameters, finished },
      isIntent ? `${held} AND CONNECTION_ID() = ?` : held,
      previous,
      row.measured === undefined ? undefined : "?",
    ),
    [
      row.migration,
      row.step,
      row.what,
      row.state,
      row.checksum,
      row.statement ?? null,
      row.previous ?? null,
      server.node,
      db.connectionId,
      server.account,
      version,
      ...(row.measured === undefined ? [] : [formatMeasured(row.measured)]),
      lease.owner,
      lease.fence,
      ...(isIntent ? [db.connectionId] : []),
    ],
    // MySQL warns at each row that VALUES() is deprecated; MariaDB knows nothing else.
    { warnings: false },
  );
  if (outcome.affectedRows > 0) return;
  if (isIntent) await assertStillHere(db, server);
  throw leaseLost();
}

/** Deletes one row: the step, or the whole migration, was undone. Throws LEASE_LOST. */
export async function forget(db: Db, lease: Lease, migration: string, step: number): Promise<void> {
  const held = `SELECT 1 FROM ${leaseTable} WHERE id = 1 AND owner = ? AND fence = ?`;
  await db.run(`DELETE FROM ${journalTable} WHERE migration = ? AND step = ? AND EXISTS (${held})`, [
    migration,
    step,
    lease.owner,
    lease.fence,
  ]);
  if ((await count(db, `SELECT EXISTS (${held}) AS n`, [lease.owner, lease.fence])) === 0) throw leaseLost();
}
