/**
 * Reserves ids before the first row: rows can refer to each other without asking the server, and the generated
 * rows are a range of ids in each table. The server's counters are moved behind the ranges by ALTER
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

/** Reserves ranges and returns their first ids. Throws errors of the server for ALTER TABLE. */
export async function reserve(db: Db, rows: PerTable): Promise<PerTable> {
  const first = perTable(() => 1);
  for (const table of tableNames) first[table] = await reserveIn(db, table, rows[table]);
  return first;
}

// --- internal ---

const ATTEMPTS = 5;
/** Ids to leave free from the second attempt on. */
const HEADROOM = 1_000;

async function reserveIn(db: Db, table: TableName, rows: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const next = await nextId(db, table);
    if (rows === 0) return next;
    // The free ids before the range are for other sessions that insert at this moment.
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
  // After some crashes the counter is only an estimate; the highest id in the table is exact.
  const [row] = await db.rows<{ next: number | null; last: number | null }>(
    "SELECT (SELECT AUTO_INCREMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?) AS next, " +
      `(SELECT MAX(${id(idColumn(table))}) FROM ${id(table)}) AS last`,
    [table],
  );
  return Math.max(Number(row?.next ?? 1), Number(row?.last ?? 0) + 1);
}
