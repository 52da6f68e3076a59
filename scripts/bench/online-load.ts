/** Users of a database while its schema changes: on each of some tables one that writes and one that reads, without pause. */
import { connect } from "../../src/db/connect.ts";
import type { Db, Target } from "../../src/db/db.ts";
import { isDeadlock, isLockTimeout } from "../../src/db/server-errors.ts";

/** A table that is in use, and what its users do. Rows have ids from 1 to `rows`. */
export interface UsedTable {
  readonly name: string;
  readonly key: string;
  /** The column that is written. */
  readonly column: string;
  readonly rows: number;
}

/** Milliseconds. */
export interface Slowest {
  readonly write: number;
  readonly read: number;
}

export interface Load extends AsyncDisposable {
  /** The slowest answers so far, by the name of the table. */
  slowest(): Readonly<Record<string, Slowest>>;
}

/**
 * Seconds after which a user gives up, and begins anew. By hand, some wait for ever: the ALTER has locked a row of a parent
 * that a user changes, and waits at its end for the same user (seen on MySQL 9.7).
 */
const PATIENCE = 60;

/** Each user is as fast as the server answers. */
export function underLoad(target: Target, tables: readonly UsedTable[]): Load {
  const done = new AbortController();
  const slowest = new Map(tables.map(({ name }) => [name, { write: 0, read: 0 }]));
  const use = async (table: UsedTable, kind: keyof Slowest) => {
    await using db = await connect(target);
    await db.run(`SET SESSION lock_wait_timeout = ${PATIENCE}, innodb_lock_wait_timeout = ${PATIENCE}`);
    for (let turn = 1; !done.signal.aborted; turn++) {
      const started = performance.now();
      await (kind === "write" ? write(db, table, turn) : read(db, table, turn)).catch(ignoreLocks);
      const answers = slowest.get(table.name);
      if (answers !== undefined) answers[kind] = Math.max(answers[kind], performance.now() - started);
    }
  };
  const users = tables.flatMap((table) => [use(table, "write"), use(table, "read")]);
  return {
    slowest: () => Object.fromEntries([...slowest].map(([name, answers]) => [name, { ...answers }])),
    async [Symbol.asyncDispose]() {
      done.abort();
      await Promise.all(users);
    },
  };
}

// --- internal ---

function ignoreLocks(error: unknown): void {
  if (!isLockTimeout(error) && !isDeadlock(error)) throw error;
}

function write(db: Db, { name, key, column, rows }: UsedTable, turn: number): Promise<unknown> {
  return db.run(`UPDATE ${name} SET ${column} = 'turn ${turn}' WHERE ${key} = ${(turn % rows) + 1}`);
}

function read(db: Db, { name, key, rows }: UsedTable, turn: number): Promise<unknown> {
  const first = turn % rows;
  return db.rows(`SELECT COUNT(*) FROM ${name} WHERE ${key} BETWEEN ${first} AND ${first + 200}`);
}
