/**
 * Fills rows in batches. A plain read, which locks nothing, finds the next rows and their values; the UPDATE names them
 * by primary key, so that it locks these rows and no other, on every isolation level and binlog format (measured: an
 * UPDATE with a condition and a LIMIT locks all rows that it reads, and those of the tables that it looks values up in).
 */
import type { Db, Value } from "../db/db.ts";
import { isDeadlock, isLockTimeout } from "../db/server-errors.ts";
import { id, placeholders } from "../sql.ts";
import type { Fill } from "../steps/contract.ts";

/** Rows of one transaction: a Galera cluster certifies it as a whole, and a large one makes replicas lag. */
const BATCH = 1_000;

/** The same where each row has a value of its own: the server looks through all of them for each row. */
const BATCH_OF_VALUES = 250;

/** A batch with a locked row is sent again in so many parts, and a part with it, too; a single row is left for the next pass. */
const PARTS = 10;

export interface FillEvents {
  /** Before each batch. What it throws ends the filling; a later call goes on with the rest. */
  readonly between: () => void;
  /** So many rows were filled. */
  readonly filled: (rows: number) => void;
  /** In all passes since the last filled row, other sessions had these rows locked. Waits, or throws. */
  readonly busy: (passes: number) => Promise<void>;
}

/** Returns when a whole pass over the table has found no row to fill. */
export async function fillInBatches(db: Db, fill: Fill, events: FillEvents): Promise<void> {
  let done = 0;
  const filled = (rows: number) => events.filled((done += rows));
  for (let idle = 0; ;) {
    const before = done;
    let left = 0;
    let seen = 0;
    for (let rows = await readNext(db, fill); rows.length > 0; rows = await readNext(db, fill, rows.at(-1))) {
      seen += rows.length;
      left += await fillRows(db, fill, rows, { ...events, filled });
    }
    if (seen === 0) return;
    idle = done === before ? idle + 1 : 0;
    if (left > 0) await events.busy(idle);
  }
}

// --- internal ---

type Row = Readonly<Record<string, Value>>;

/** A name that no column has. */
const SECONDS = "ispyb_migrate_seconds";

/** Returns the number of rows that other sessions have locked. */
async function fillRows(db: Db, fill: Fill, rows: readonly Row[], events: FillEvents): Promise<number> {
  events.between();
  const changed = await update(db, fill, rows);
  if (changed !== undefined) {
    events.filled(changed);
    return 0;
  }
  if (rows.length === 1) return 1;
  let left = 0;
  const size = Math.ceil(rows.length / PARTS);
  for (let at = 0; at < rows.length; at += size) left += await fillRows(db, fill, rows.slice(at, at + size), events);
  return left;
}

function readNext(db: Db, fill: Fill, last?: Row): Promise<Row[]> {
  const { key, seconds, table, where } = fill;
  const columns = key.map(id);
  const selected = seconds === undefined ? columns : [...columns, `${seconds} AS ${id(SECONDS)}`];
  const position = last === undefined ? undefined : after(key, last);
  return db.rows<Row>(
    `SELECT ${selected.join(", ")} FROM ${id(table)} WHERE ${where}${position === undefined ? "" : ` AND (${position.sql})`} ` +
      `ORDER BY ${columns.join(", ")} LIMIT ${seconds === undefined ? BATCH : BATCH_OF_VALUES}`,
    position?.values,
  );
}

/** Returns the number of changed rows; undefined if other sessions have some of them locked. */
async function update(db: Db, fill: Fill, rows: readonly Row[]): Promise<number | undefined> {
  const { column, kept, key, table, where } = fill;
  const value = valueOf(fill, rows);
  const these = anyOf(key, rows);
  const set = [`${id(column)} = ${value.sql}`, ...kept.map((each) => `${id(each)} = ${id(each)}`)];
  try {
    // Without FORCE INDEX the server may read the whole table, and lock it, where the batch is most of it.
    const { affectedRows } = await db.run(
      `UPDATE ${id(table)} FORCE INDEX (PRIMARY) SET ${set.join(", ")} WHERE (${these.sql}) AND ${where}`,
      [...value.values, ...these.values],
    );
    return affectedRows;
  } catch (error) {
    if (isLockTimeout(error) || isDeadlock(error)) return undefined;
    throw error;
  }
}

interface Sql {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** The literal, but for rows with a time of their own. */
function valueOf({ key, literal }: Fill, rows: readonly Row[]): Sql {
  const timed = rows.filter((row) => row[SECONDS] !== undefined && row[SECONDS] !== null);
  if (timed.length === 0) return { sql: literal, values: [] };
  const cases = timed.map((row) => {
    const one = same(key, row);
    return { sql: `WHEN ${one.sql} THEN FROM_UNIXTIME(?)`, values: [...one.values, Number(row[SECONDS])] };
  });
  return {
    sql: `CASE ${cases.map(({ sql }) => sql).join(" ")} ELSE ${literal} END`,
    values: cases.flatMap(({ values }) => values),
  };
}

function anyOf(key: readonly string[], rows: readonly Row[]): Sql {
  const [only, ...more] = key;
  if (only !== undefined && more.length === 0) {
    const values = rows.map((row) => valueIn(row, only));
    return { sql: `${id(only)} IN (${placeholders(values)})`, values };
  }
  const each = rows.map((row) => same(key, row));
  return { sql: each.map(({ sql }) => `(${sql})`).join(" OR "), values: each.flatMap(({ values }) => values) };
}

function same(key: readonly string[], row: Row): Sql {
  return { sql: key.map((each) => `${id(each)} = ?`).join(" AND "), values: key.map((each) => valueIn(row, each)) };
}

/** All rows after this one: a > 1 OR (a = 1 AND b > 2). */
function after(key: readonly string[], row: Row): Sql {
  const parts = key.map((each, at) => {
    const before = same(key.slice(0, at), row);
    const more = `${id(each)} > ?`;
    return {
      sql: at === 0 ? more : `(${before.sql} AND ${more})`,
      values: [...before.values, valueIn(row, each)],
    };
  });
  return { sql: parts.map(({ sql }) => sql).join(" OR "), values: parts.flatMap(({ values }) => values) };
}

function valueIn(row: Row, column: string): Value {
  const value = row[column];
  if (value === undefined) throw new Error(`a row without ${column}, a part of its primary key`);
  return value;
}
