/**
 * Ids set aside before the first row: so rows can name each other without asking the server, and what was
 * generated is a range of ids in each table. The server's counters are moved behind the ranges by ALTER
 * TABLE, which changes nothing else, and which waits for every transaction that has used the table.
 */
import type { Db } from "../../db/db.ts";
import { MigrateError } from "../../errors.ts";
import { id } from "../../sql.ts";
import { type PerTable, type TableName, idColumn, perTable, tableNames } from "./content/tables.ts";

/** The next id of each table. */
export async function nextIds(db: Db): Promise<PerTable> {
  const next = perTable(() => 1);
  for (const table of tableNames) next[table] = await nextId(db, table);
  return next;
}

/** The first ids of ranges that are nobody else's from now on. Throws what the server answers to ALTER TABLE. */
export async function reserve(db: Db, rows: PerTable): Promise<PerTable> {
  const first = perTable(() => 1);
  for (const table of tableNames) first[table] = await reserveIn(db, table, rows[table]);
  return first;
}

// --- internal ---

const ATTEMPTS = 5;
/** Ids that are left free from the second attempt on. */
const HEADROOM = 1_000;

async function reserveIn(db: Db, table: TableName, rows: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const next = await nextId(db, table);
    if (rows === 0) return next;
    // Whoever writes in this very moment has the ids before.
    const first = next + attempt * HEADROOM;
    await db.run(`ALTER TABLE ${id(table)} AUTO_INCREMENT = ${first + rows}, ALGORITHM = INPLACE`);
    const key = id(idColumn(table));
    const inRange = `SELECT 1 FROM ${id(table)} WHERE ${key} BETWEEN ? AND ? LIMIT 1`;
    const [taken] = await db.rows(inRange, [first, first + rows - 1]);
    if (taken === undefined) return first;
  }
  throw new MigrateError("CONFLICT", `could not reserve ids in ${table}: other sessions keep inserting rows`, {
    where: `${db.database}.${table}`,
    found: `${ATTEMPTS} attempts; each time, another session inserted rows into the reserved ids`,
    done: "no row was written",
    next: "run the same command again at a quieter time",
  });
}

async function nextId(db: Db, table: TableName): Promise<number> {
  // The counter is the server's guess after some crashes; the rows are not.
  const [row] = await db.rows<{ next: number | null; last: number | null }>(
    "SELECT (SELECT AUTO_INCREMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?) AS next, " +
      `(SELECT MAX(${id(idColumn(table))}) FROM ${id(table)}) AS last`,
    [table],
  );
  return Math.max(Number(row?.next ?? 1), Number(row?.last ?? 0) + 1);
}
