/** The tables that this tool keeps in the database. Their names are fixed; comparisons ignore them. */
import { readColumnNames } from "../catalog/column-names.ts";
import type { Db } from "../db/db.ts";
import { isUnknownColumn } from "../db/server-errors.ts";
import { MigrateError } from "../errors.ts";
import { hint } from "../hint.ts";

export const journalTable = "ispyb_migrate_journal";
export const leaseTable = "ispyb_migrate_lease";
/** Created by the first `seed`. */
export const seedTable = "ispyb_migrate_seed";

/** The tables that every run needs. */
export const runTables = [journalTable, leaseTable] as const;
const toolTables = [...runTables, seedTable] as const;

/** The journal of the first release has no such column. */
const previousColumn = "previous mediumtext DEFAULT NULL COMMENT 'Earlier form, for down, as JSON'";

/** The journal of earlier releases has no such column. */
const measuredColumn =
  "measured varchar(500) DEFAULT NULL COMMENT 'How long the statement worked on how much, as JSON'";

const stateColumn =
  "state enum('intended','done','found','not done','skipped') NOT NULL COMMENT 'intended: sent or about to be; done: by this tool; found: already there before; not done: refused by the server, or undone; skipped: for the reason in previous'";

const definitions: Record<(typeof toolTables)[number], string> = {
  [journalTable]: `CREATE TABLE IF NOT EXISTS ${journalTable} (
  id int unsigned NOT NULL AUTO_INCREMENT,
  migration varchar(150) NOT NULL,
  step smallint unsigned NOT NULL COMMENT 'Counted from 1; 0: the migration as a whole',
  what varchar(255) NOT NULL,
  ${stateColumn},
  checksum varchar(100) DEFAULT NULL COMMENT 'Of the migration as a whole: algorithm and digest',
  statement mediumtext DEFAULT NULL,
  ${previousColumn},
  ${measuredColumn},
  node varchar(255) NOT NULL COMMENT 'Server that executed it',
  connection_id bigint unsigned NOT NULL,
  fence bigint unsigned NOT NULL COMMENT 'Number of the lease under which this row was written',
  account varchar(255) NOT NULL,
  tool varchar(30) NOT NULL,
  started_at datetime(6) NOT NULL COMMENT 'UTC by the clock of the server',
  finished_at datetime(6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY migration_step (migration, step)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='ispyb-migrate: what was done to this database'`,

  [leaseTable]: `CREATE TABLE IF NOT EXISTS ${leaseTable} (
  id tinyint unsigned NOT NULL,
  owner varchar(36) DEFAULT NULL COMMENT 'Run that holds the lease; NULL: free',
  holder varchar(255) DEFAULT NULL COMMENT 'Account, host and process of the holder',
  identity varchar(255) DEFAULT NULL COMMENT 'Identity of the server or cluster; it differs if the database was copied to another server',
  node varchar(255) DEFAULT NULL,
  connection_id bigint unsigned DEFAULT NULL,
  fence bigint unsigned NOT NULL COMMENT 'Number of the lease; only grows',
  heartbeat_at datetime(6) DEFAULT NULL COMMENT 'UTC by the clock of the server',
  expires_at datetime(6) DEFAULT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='ispyb-migrate: the run that may change this database'`,

  [seedTable]: `CREATE TABLE IF NOT EXISTS ${seedTable} (
  story varchar(100) NOT NULL,
  label varchar(255) NOT NULL COMMENT 'Name of the row in its story',
  table_name varchar(64) NOT NULL,
  row_id bigint unsigned DEFAULT NULL COMMENT 'NULL where the table has no id of its own',
  written mediumtext NOT NULL COMMENT 'Columns that were written, as JSON',
  times_from datetime NOT NULL COMMENT 'Time from which the times of the story are counted',
  seeded_at datetime(6) NOT NULL COMMENT 'UTC by the clock of the server',
  PRIMARY KEY (story, label),
  KEY table_row (table_name, row_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='ispyb-migrate: rows of seeded stories'`,
};

/** Statements that create the missing tables, for a script. */
export const toolTableStatements: readonly string[] = runTables.map((name) => definitions[name]);

/** Adds the column `previous`, which a journal of the first release lacks. */
export const addPrevious = `ALTER TABLE ${journalTable} ADD COLUMN ${previousColumn} AFTER statement`;

/** Adds the state `skipped` to a journal that lacks it; changes nothing in a journal that has it. */
export const allowSkipped = `ALTER TABLE ${journalTable} MODIFY COLUMN ${stateColumn}`;

/** Columns of each existing table of this tool, by the table's name. */
export type ToolTables = ReadonlyMap<string, ReadonlySet<string>>;

/** The existing tables of this tool, each with its columns; asked before they are read or written. */
export function existingToolTables(db: Db): Promise<ToolTables> {
  return readColumnNames(db, toolTables);
}

/** Creates the missing tables of a run; sends no statement for a table that exists in the current form. */
export async function createToolTables(db: Db): Promise<void> {
  const existing = await existingToolTables(db);
  for (const name of runTables) if (!existing.has(name)) await db.run(definitions[name]);
  const journal = existing.get(journalTable);
  if (journal?.has("checksum") === true && !journal.has("previous")) {
    await db.run(addPrevious);
  }
  if (journal?.has("checksum") === true && !journal.has("measured"))
    await db.run(`ALTER TABLE ${journalTable} ADD COLUMN ${measuredColumn}`);
}

/** Creates the table of seeded rows if it is missing. */
export async function createSeedTable(db: Db): Promise<void> {
  if (!(await existingToolTables(db)).has(seedTable)) await db.run(definitions[seedTable]);
}

/** The stories that were seeded here. */
export async function seededStories(db: Db): Promise<string[]> {
  if (!(await existingToolTables(db)).has(seedTable)) return [];
  const rows = await readToolRows<{ story: string }>(db, seedTable, "DISTINCT story", "ORDER BY story");
  return rows.map(({ story }) => story);
}

/** Drops the existing tables of this tool and returns their names. The lease table outlives the journal: it keeps other runs out. */
export async function dropToolTables(db: Db): Promise<string[]> {
  const names = inDropOrder(await existingToolTables(db));
  for (const name of names) await db.run(dropToolTable(name));
  return names;
}

/** The existing ones, as they are dropped one after the other. */
export function inDropOrder(existing: ToolTables): string[] {
  return toolTables.filter((name) => existing.has(name));
}

export function dropToolTable(name: string): string {
  return `DROP TABLE IF EXISTS ${name}`;
}

/** Rows of a table of this tool. Throws CONFLICT if a foreign table has its name. */
export async function readToolRows<R extends object>(
  db: Db,
  table: string,
  columns: string,
  rest: string,
  values: readonly string[] = [],
): Promise<R[]> {
  try {
    return await db.rows<R>(`SELECT ${columns} FROM ${table} ${rest}`, values);
  } catch (cause) {
    if (!isUnknownColumn(cause)) throw cause;
    throw new MigrateError("CONFLICT", `the existing table ${table} was not created by this tool`, {
      where: `${db.database}.${table}`,
      found: cause.message,
      done: "nothing was changed",
      next: [
        `RENAME TABLE ${table} TO ${table}_old;   -- if it is needed; otherwise drop it`,
        hint("status", { note: "afterwards" }),
      ],
      cause,
    });
  }
}
