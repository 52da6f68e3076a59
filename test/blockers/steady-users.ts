/** Users of some tables while something else happens: one that reads and one that writes each, steadily, in short statements. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "mysql2/promise";
import type { TestDatabase } from "../support/servers.ts";

/** Milliseconds between two statements of a user. */
const PAUSE = 40;
/** A statement that takes longer has waited, for a lock or for the machine. */
const NOTICED = 50;

/** The database of the table that nothing is done to, and that tells how busy the machine is. */
const APART = "apart";
export const CONTROL = `${APART}.control`;

export type Use = "reads" | "writes";

export interface User {
  /** As in the database of the test, or CONTROL. */
  readonly table: string;
  readonly use: Use;
}

/** Moments of performance.now(). */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface Working extends User {
  readonly session: Connection;
  readonly long: Span[];
  began: number | undefined;
}

export interface SteadyUsers extends AsyncDisposable {
  readonly all: readonly User[];
  /** Milliseconds of this time in which a statement of the user was under way that took long. */
  stalled(user: User, time: Span): number;
  /** Milliseconds of the longest statement that was under way in this time. */
  longest(user: User, time: Span): number;
  /** Users whose statements wait for a lock on a table now, as the server says. */
  waiting(): Promise<User[]>;
  /** Messages of all statements that failed. */
  readonly errors: readonly string[];
}

/** Begins with users of these tables and of CONTROL, each of which has had one answer. */
export async function steadyUsers(db: TestDatabase, tables: readonly string[]): Promise<SteadyUsers> {
  await db.query(`CREATE DATABASE IF NOT EXISTS ${APART}`);
  await db.query(`CREATE TABLE IF NOT EXISTS ${CONTROL} (id int PRIMARY KEY, n int) ENGINE=InnoDB`);
  await db.query(`INSERT IGNORE INTO ${CONTROL} VALUES (1, 1)`);
  const columns = await columnsOf(db, tables);
  const over = new AbortController();
  const errors: string[] = [];
  const users = await Promise.all(
    [...tables, CONTROL].flatMap((table) =>
      (["reads", "writes"] as const).map(async (use): Promise<Working> => {
        const session = await db.connection();
        await session.query("SET SESSION lock_wait_timeout = 600, innodb_lock_wait_timeout = 600");
        return { table, use, session, long: [], began: undefined };
      }),
    ),
  );
  const sqlOf = ({ table, use }: User) => {
    const name = table
      .split(".")
      .map((part) => `\`${part}\``)
      .join(".");
    const column = `\`${table === CONTROL ? "n" : (columns.get(table) ?? "")}\``;
    return use === "reads"
      ? `SELECT ${column} FROM ${name} LIMIT 1`
      : `UPDATE ${name} SET ${column} = ${column} LIMIT 1`;
  };
  const once = async (user: Working) => {
    const from = (user.began = performance.now());
    await user.session.query(sqlOf(user)).catch((error: Error) => {
      if (!over.signal.aborted) errors.push(`${user.use} ${user.table}: ${error.message}`);
    });
    const to = performance.now();
    user.began = undefined;
    if (to - from > NOTICED) user.long.push({ from, to });
  };
  const work = async (user: Working) => {
    while (!over.signal.aborted) {
      await once(user);
      await sleep(PAUSE);
    }
  };
  for (const user of users) await once(user);
  const works = users.map(work);
  const spansOf = (user: User): Span[] => {
    const { began, long = [] } = users.find(({ table, use }) => table === user.table && use === user.use) ?? {};
    const now = performance.now();
    return began === undefined || now - began <= NOTICED ? long : [...long, { from: began, to: now }];
  };
  return {
    all: users,
    errors,
    stalled: (user, time) =>
      spansOf(user).reduce(
        (sum, { from, to }) => sum + Math.max(0, Math.min(to, time.to) - Math.max(from, time.from)),
        0,
      ),
    longest: (user, time) =>
      Math.max(0, ...spansOf(user).flatMap(({ from, to }) => (from < time.to && to > time.from ? [to - from] : []))),
    async waiting() {
      const rows = await db.query<{ id: number | string }>(
        "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table%lock'",
      );
      const ids = new Set(rows.map(({ id }) => Number(id)));
      return users.filter(({ session }) => ids.has(session.threadId));
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      // One that still waits when the test has failed is ended.
      for (const { session } of users) session.destroy();
      await Promise.allSettled(works);
    },
  };
}

// --- internal ---

/** A column of each table that no key has: its first one, or, where there is none, of its primary key. */
async function columnsOf(db: TestDatabase, tables: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.query<{ name: string; column: string }>(
    "SELECT TABLE_NAME AS name, COLUMN_NAME AS `column` FROM information_schema.COLUMNS " +
      "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (?) ORDER BY COLUMN_KEY <> '', ORDINAL_POSITION",
    [tables],
  );
  return new Map(rows.toReversed().map(({ column, name }) => [name, column]));
}
