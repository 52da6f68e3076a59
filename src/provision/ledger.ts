/** Our tables in `ispyb_sandbox`, beside those of the reset. */
import type { Db } from "../db/db.ts";
import { SCHEMA } from "../reset/tables.ts";

const exact = "ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

export const ledgerTables: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.provisioned (
    fingerprint varchar(64) NOT NULL PRIMARY KEY COMMENT 'Hash of all that the content depends on',
    content varchar(64) NOT NULL
  ) ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.unfinished (
    name varchar(64) NOT NULL PRIMARY KEY COMMENT 'A database that a run is making or dropping; the next run drops it'
  ) ${exact}`,
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.installation (
    form varchar(64) NOT NULL PRIMARY KEY COMMENT 'Hash of the tables, and of the procedures that are installed'
  ) ${exact}`,
];

export async function createLedger(db: Db): Promise<void> {
  for (const table of ledgerTables) await db.run(table);
}

/** From here on the database is ours, and is dropped by the next run unless this one finishes it. */
export async function begin(db: Db, name: string): Promise<void> {
  await db.run(`INSERT IGNORE INTO ${SCHEMA}.unfinished (name) VALUES (?)`, [name]);
}

export async function finish(db: Db, name: string): Promise<void> {
  await db.run(`DELETE FROM ${SCHEMA}.unfinished WHERE name = ?`, [name]);
}

export async function rememberContent(db: Db, fingerprint: string, content: string): Promise<void> {
  await db.run(`REPLACE INTO ${SCHEMA}.provisioned (fingerprint, content) VALUES (?, ?)`, [fingerprint, content]);
}

export async function rememberForm(db: Db, form: string): Promise<void> {
  await forgetForm(db);
  await db.run(`INSERT INTO ${SCHEMA}.installation (form) VALUES (?)`, [form]);
}

/** The next run installs the procedures and their account again. */
export async function forgetForm(db: Db): Promise<void> {
  await db.run(`DELETE FROM ${SCHEMA}.installation`);
}
